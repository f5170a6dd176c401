using System.Diagnostics;
using FixupNet.Experiments.Tests.Configuration;
using FixupNet.Experiments.Trials;

namespace FixupNet.Experiments.Tests.Trials;

/// <summary>What a card is called, by a driver that these tests compile.</summary>
[Platform("Linux")]
public sealed class CudaDriverTests
{
    private const string Source = """
        #include <cstring>
        extern "C" int cuInit(unsigned) { return 0; }
        extern "C" int cuDeviceGet(int* card, int index) { *card = index + 40; return index < 2 ? 0 : 101; }
        extern "C" int cuDeviceGetName(char* name, int length, int card) { std::strncpy(name, card == 41 ? "NVIDIA H200" : "another", length); return 0; }
        """;

    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [OneTimeTearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase(0, "another")]
    [TestCase(1, "NVIDIA H200")]
    [TestCase(2, null)]
    public void NameOf_IsWhatTheDriverTells(int index, string? name) =>
        Assert.That(CudaDriver.NameOf(index, Compile("driver.so", Source)), Is.EqualTo(name));

    [Test]
    public void NameOf_WithoutADriver_IsNull() => Assert.That(CudaDriver.NameOf(0, Path.Combine(_folder.Path, "missing.so")), Is.Null);

    [Test]
    public void NameOf_OfAnotherLibrary_IsNull() =>
        Assert.That(CudaDriver.NameOf(0, Compile("other.so", "extern \"C\" int cuInit(unsigned) { return 0; }")), Is.Null);

    private string Compile(string name, string source)
    {
        var library = Path.Combine(_folder.Path, name);
        if (File.Exists(library)) return library;
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "c++")))) Assert.Ignore("No C++ compiler is here.");
        using var compiler = Process.Start("c++", ["-shared", "-fPIC", "-o", library, _folder.Write(name + ".cpp", source)]);
        compiler.WaitForExit();
        Assert.That(compiler.ExitCode, Is.Zero);
        return library;
    }
}
