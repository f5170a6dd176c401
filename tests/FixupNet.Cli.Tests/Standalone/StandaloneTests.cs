using System.Runtime.Versioning;

namespace FixupNet.Cli.Tests.Standalone;

/// <summary>The program for machines without .NET: `./fixupnet publish`, and the published folder's own `./fixupnet build`.</summary>
[Platform("Linux"), SupportedOSPlatform("linux")]
public sealed class StandaloneTests
{
    private DirectoryInfo _folder = null!;

    private string Published => Path.Combine(_folder.FullName, "published");

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("fixupnet-standalone-");

    [TearDown]
    public void RemoveFolder() => _folder.Delete(recursive: true);

    [Test]
    public void Publish_CarriesWhatTheTargetNeeds_AndReplacesOnlyItsOwn()
    {
        PublishWithoutDotnet();
        File.WriteAllText(Path.Combine(Published, "bin", "libfixupnet_torch.so"), "of older sources");
        var again = PublishWithoutDotnet();
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "other")).CreateSubdirectory("kept");
        var refused = Scripts.Run(Launcher, ["publish", Path.Combine(_folder.FullName, "other")], Stubs());

        var needed = new[]
        {
            "fixupnet", "bin/fixupnet-cli", "configs/quickstart.json", "native/torch/CMakeLists.txt", "native/torch/cuda.cpp",
            "native/cuda/CMakeLists.txt", "native/cuda/exports.cu",
        };
        Assert.That(again.ExitCode, Is.Zero, again.Error);
        Assert.That(needed.Where(file => !File.Exists(Path.Combine(Published, file))), Is.Empty);
        Assert.That(File.Exists(Path.Combine(Published, "bin", "libfixupnet_torch.so")), Is.False);
        Assert.That(refused.ExitCode, Is.EqualTo(ExitCodes.CannotCreate), refused.Error);
    }

    [Test]
    public void Program_TellsToBuild_BeforeItIsBuilt()
    {
        PublishWithoutDotnet();

        var result = Scripts.Run(Path.Combine(Published, "fixupnet"), ["doctor"], Stubs());

        Assert.That((result.ExitCode, result.Error), Is.EqualTo((ExitCodes.Unavailable,
            $"fixupnet: the native libraries are not built yet: run {Published}/fixupnet build (it needs cmake, a C++ compiler and PyTorch for python3).\n")));
    }

    [Test]
    public void Build_PutsEveryLibrary_BesideTheProgram()
    {
        PublishWithoutDotnet();
        var environment = Stubs();
        environment["CUDACXX"] = "nvcc";

        var result = Scripts.Run(Path.Combine(Published, "fixupnet"), ["build"], environment);

        Assert.That(result, Is.EqualTo((0, "doctor\n", result.Error)), result.Error);
        Assert.That(Directory.GetFiles(Path.Combine(Published, "bin"), "*.so").Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "libfixupnet_torch.so", "libfixupnet_cuda.so" }));
    }

    [Test]
    public void Build_ShowsTheCompilersErrors_WhenALibraryFails()
    {
        PublishWithoutDotnet();
        var environment = Stubs();
        environment["FAILS"] = "torch";

        var result = Scripts.Run(Path.Combine(Published, "fixupnet"), ["build"], environment);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("error: planted").And.Contains($"building torch failed; see {Published}/build/torch.log"));
    }

    // The real thing, in an environment that names no .NET: takes minutes, most of them the C++ compiler's.
    [Test, Category("Slow")]
    public void Publish_MakesAProgram_ThatRunsWithoutDotnet()
    {
        var published = Scripts.Run(Launcher, ["publish", Published], new Dictionary<string, string?>());
        Assert.That(published.ExitCode, Is.Zero, published.Error);
        var size = new DirectoryInfo(Published).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        Assert.That(size, Is.LessThan(50_000_000), "what it may weigh on its way to another machine");
        var (runs, quickstart) = (Path.Combine(_folder.FullName, "runs"), Path.Combine(Published, "configs", "quickstart.json"));
        string[] small =
        [
            "training.engine=eager", "model.depth=8", "model.variant=fixup", "dataset.trainExamples=128", "dataset.testExamples=64",
            "checkpoint.everySteps=2", "checkpoint.finalWeights=true",
        ];

        RunBare("build");
        foreach (var registry in new[] { "models", "initializers", "datasets", "optimizers", "schedules" }) RunBare(registry);
        RunBare("config", "validate", quickstart);
        RunBare(["sweep", "plan", quickstart, .. small]);
        RunBare(["sweep", "run", quickstart, "--output", runs, .. small]);
        var sweep = Directory.GetDirectories(runs).Single();
        var trial = Directory.GetDirectories(Path.Combine(sweep, "trials")).Single();
        RunBare("report", sweep);
        RunBare("checkpoint", "verify", trial);
        foreach (var format in new[] { "csv", "npy", "tensorboard" }) RunBare("export", sweep, "--to", format);
        RunBare("evaluate", trial);
        RunBare("probe", Path.Combine(trial, "config.json"));
    }

    private void RunBare(params string[] command)
    {
        var bare = new Dictionary<string, string?> { ["PATH"] = "/usr/bin:/bin", ["HOME"] = _folder.FullName };
        var result = Scripts.Run(Path.Combine(Published, "fixupnet"), command, bare, clear: true);
        Assert.That(result.ExitCode, Is.Zero, $"{string.Join(' ', command)}: {result.Output}{result.Error}");
    }

    private static string Launcher => Path.Combine(Scripts.RepositoryRoot, "fixupnet");

    private (int ExitCode, string Output, string Error) PublishWithoutDotnet() => Scripts.Run(Launcher, ["publish", Published], Stubs());

    // Programs that do as little as the scripts need of dotnet, cmake and the compilers.
    private Dictionary<string, string?> Stubs()
    {
        var folder = _folder.CreateSubdirectory("stubs").FullName;
        Scripts.Write(folder, "dotnet", """
            [[ $1 == --version ]] && { echo 10.0.0; exit; }
            while [[ $1 != -o ]]; do shift; done
            mkdir -p "$2"
            printf '#!/bin/bash\necho "$@"\n' >"$2/fixupnet-cli"
            chmod +x "$2/fixupnet-cli"
            """);
        Scripts.Write(folder, "cmake", """
            if [[ $1 == -S ]]; then
              [[ -e $2/CMakeLists.txt ]] && mkdir -p "$4"
            elif [[ ${FAILS:-} == "${2##*/}" ]]; then
              echo 'x.cpp:1: error: planted'
              exit 1
            else
              touch "$2/libfixupnet_${2##*/}.so"
            fi
            """);
        foreach (var name in new[] { "c++", "ninja" }) Scripts.Write(folder, name, "");
        return new() { ["PATH"] = $"{folder}:/usr/bin:/bin", ["CUDACXX"] = "", ["FAILS"] = "" };
    }
}
