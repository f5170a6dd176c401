using FixupNet.Execution;
using FixupNet.Runs.Safetensors;
using FixupNet.Training.Checkpoints;
using FixupNet.Training.Tests.Data;

namespace FixupNet.Training.Tests.Checkpoints;

public sealed class ImportedWeightsTests
{
    private TempFolder _folder = null!;

    private string Path => _folder.File("model.safetensors");

    [SetUp]
    public void CreateFolder() => _folder = new TempFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase("module.")]
    [TestCase("_orig_mod.")]
    [TestCase("module._orig_mod.")]
    [TestCase("_orig_mod.module.")]
    public void Import_DropsThePrefixesOfWrappers(string prefix) =>
        AssertImported("fixup", entries => [.. entries.Select(entry => entry with { Name = prefix + entry.Name })]);

    [Test]
    public void Import_DoesWithoutCountersOfBatches() => AssertImported(
        "batchnorm", entries => [.. entries.Where(entry => !entry.Name.EndsWith("num_batches_tracked", StringComparison.Ordinal))]);

    // Scalar biases and multipliers are [1] in the published code.
    [Test]
    public void Import_TakesNumbersWithoutADimension() =>
        AssertImported("fixup", entries => [.. entries.Select(entry => entry.Shape is [1] ? entry with { Shape = [] } : entry)]);

    [Test]
    public void Import_TakesCountersWithADimension() =>
        AssertImported("batchnorm", entries => [.. entries.Select(entry => entry.Shape is [] ? entry with { Shape = [1] } : entry)]);

    [TestCase(double.NaN, "holds NaN or infinity; weights must be finite.")]
    [TestCase(double.NegativeInfinity, "holds NaN or infinity; weights must be finite.")]
    [TestCase(1e39, "holds numbers beyond the range of F32")]
    public void Import_Refuses_WhatIsNotFinite(double value, string message) => AssertRefused(
        entries => [.. entries.Select(entry => entry.Name == "fc.bias" ? Doubles(entry, value) : entry)], "fc.bias " + message);

    [Test]
    public void Import_Refuses_WhatIsThereTwice() => AssertRefused(
        entries => [.. entries, entries.Single(entry => entry.Name == "fc.bias") with { Name = "module.fc.bias" }], "holds fc.bias twice");

    [Test]
    public void Import_Refuses_WhatIsMissing() =>
        AssertRefused(entries => [.. entries.Where(entry => entry.Name != "fc.bias").Select(entry => entry with { Name = "module." + entry.Name })], "lacks fc.bias.");

    private static SafetensorsEntry Doubles(SafetensorsEntry entry, double value) =>
        entry with { DType = "F64", Data = Enumerable.Range(0, (int)entry.Shape[0]).SelectMany(_ => BitConverter.GetBytes(value)).ToArray() };

    private void AssertImported(string variant, Func<IReadOnlyList<SafetensorsEntry>, IReadOnlyList<SafetensorsEntry>> change)
    {
        using var saved = Some.Network(variant, seed: 1);
        using var network = Some.Network(variant, seed: 2);
        Write(saved, change);

        Assert.That(() => ModelWeights.Require(network, Path), Throws.Nothing);
        ModelWeights.Import(network, Path);

        Assert.That(Some.State(network), Is.EqualTo(Some.State(saved)));
    }

    private void AssertRefused(Func<IReadOnlyList<SafetensorsEntry>, IReadOnlyList<SafetensorsEntry>> change, string message)
    {
        using var saved = Some.Network("fixup", seed: 1);
        using var network = Some.Network("fixup", seed: 2);
        var before = Some.State(network);
        Write(saved, change);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => ModelWeights.Import(network, Path), Throws.TypeOf<InvalidDataException>().With.Message.Contains(message));
            Assert.That(Some.State(network), Is.EqualTo(before));
        }
    }

    private void Write(ResidualNetwork network, Func<IReadOnlyList<SafetensorsEntry>, IReadOnlyList<SafetensorsEntry>> change)
    {
        ModelWeights.Save(network, Path);
        SafetensorsFile.Write(Path, change(SafetensorsFile.Read(Path).Entries));
    }
}
