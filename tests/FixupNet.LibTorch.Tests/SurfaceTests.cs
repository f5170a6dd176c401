using TorchSharp;

namespace FixupNet.LibTorch.Tests;

/// <summary>The subset offers nothing that TorchSharp 0.106.0 lacks or spells otherwise: product code must compile against both.</summary>
public sealed class SurfaceTests
{
    private static readonly HashSet<string> s_facts =
        [.. File.ReadLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Fixtures", "torchsharp-0.106.0.txt"))
            .Where(line => line.StartsWith("- `", StringComparison.Ordinal)).Select(line => line[3..^1])];

    // Line → why it may differ.
    private static readonly Dictionary<string, string> s_exceptions = new()
    {
        ["T abstract class Module<T,TResult> : torch.nn.Module [IDisposable, torch.nn.IModule<T,TResult>]"] = "TorchSharp has HookableModule between; no hooks here",
        ["T class Modules.ModuleList<T> : torch.nn.Module [Collections.IEnumerable, IDisposable, IEnumerable<T>]"] = "TorchSharp's is an IList<T> too",
        ["T class Utils.TensorAccessor<T>"] = "TorchSharp's can be enumerated and disposed too",
    };

    // What TorchSharp has no names for: an allocator's account, a card's streams and graphs. Product code asks for them under LIBTORCH_PROVIDER only.
    private static readonly string[] s_ownTypes = ["CpuMemory", "CudaRuntime", "CudaGraph"];

    private static readonly string[] s_lines = [.. PublicSurface.Of(typeof(torch).Assembly)];

    [Test]
    public void PublicSurface_HoldsNothingThatTorchSharpLacks() =>
        Assert.That(string.Join('\n', s_lines.Where(line => !IsKnown(line))), Is.Empty,
            "Spell these as TorchSharp 0.106.0 does; a member new here goes into Fixtures/torchsharp-0.106.0.txt exactly as that version declares it.");

    [Test]
    public void Exceptions_AreAllNeeded() =>
        Assert.That(s_exceptions.Keys.Where(line => s_facts.Contains(line) || !s_lines.Contains(line)), Is.Empty);

    [TestCase(typeof(WithWrongDefault), "abstract Tensor WithWrongDefault.flatten(long start_dim=1, long end_dim=-1)")]
    [TestCase(typeof(WithField), "field static readonly int WithField.Count")]
    [TestCase(typeof(WrongValues), "WrongValues.Sum = 1")]
    public void PublicSurface_ShowsDefaultsFieldsAndValues(Type type, string expected) =>
        Assert.That(PublicSurface.Of(type).Select(line => line.Replace($"{nameof(FixupNet)}.LibTorch.Tests.{nameof(SurfaceTests)}.", "", StringComparison.Ordinal)), Does.Contain(expected));

    // A property that only reads is a subset of one that is also written.
    private static bool IsKnown(string line) =>
        s_ownTypes.Any(type => line.Contains($" {type}.", StringComparison.Ordinal) || line.Contains($" {type}(", StringComparison.Ordinal)
            || line.StartsWith($"T static class {type}", StringComparison.Ordinal) || line.StartsWith($"T class {type} ", StringComparison.Ordinal))
        || s_facts.Contains(line) || s_facts.Contains(line.Replace("{ get; }", "{ get; set; }", StringComparison.Ordinal)) || s_exceptions.ContainsKey(line);

    public abstract class WithWrongDefault
    {
        public abstract torch.Tensor flatten(long start_dim = 1, long end_dim = -1);
    }

    public static class WithField
    {
        public static readonly int Count = 1;
    }

    public enum WrongValues
    {
        Mean = 0,
        Sum = 1,
    }
}
