using System.Runtime.Versioning;

namespace FixupNet.Cli.Tests.Launcher;

/// <summary>The launcher in a checkout of nothing but itself, on systems that are pretended: what it chooses, asks for and says.</summary>
[Platform("Linux"), SupportedOSPlatform("linux")]
public sealed class LauncherTests
{
    private static readonly string[] s_system =
        ["bash", "cat", "chmod", "dirname", "find", "flock", "grep", "head", "mkdir", "mv", "readlink", "sort", "tail", "touch"];

    private DirectoryInfo _folder = null!;

    private string Programs => Path.Combine(_folder.FullName, "programs");

    [SetUp]
    public void CreateCheckout()
    {
        _folder = Directory.CreateTempSubdirectory("fixupnet-launcher-");
        foreach (var name in new[] { "src", "tests", "programs" }) _folder.CreateSubdirectory(name);
        foreach (var name in new[] { "fixupnet", "FixupNet.sln", "nuget.config", "TensorProvider.props", "Directory.Solution.targets" })
            File.Copy(Path.Combine(Scripts.RepositoryRoot, name), Path.Combine(_folder.FullName, name));
        foreach (var name in s_system)
            File.CreateSymbolicLink(Path.Combine(Programs, name), File.Exists($"/usr/bin/{name}") ? $"/usr/bin/{name}" : $"/bin/{name}");
        Scripts.Write(Programs, "id", "echo 1000");
        Scripts.Write(Programs, "uname", "[[ ${1:-} == -sm ]] && echo Linux x86_64 || echo Linux");
        // It builds a program that tells how it was called, and refuses to inherit the lock, which the servers it starts would keep.
        Scripts.Write(Programs, "dotnet", """
            [[ $1 == --version ]] && { echo 10.0.0; exit; }
            [[ -e /proc/self/fd/9 ]] && exit 1
            folder=${2%/*}/artifacts/$TensorProvider/bin/FixupNet.Cli/release
            mkdir -p "$folder"
            printf '#!/bin/bash\nprintf "%%s|" "$FIXUPNET_PROVIDER_BECAUSE" "$@"\nexit 10\n' >"$folder/fixupnet-cli"
            chmod +x "$folder/fixupnet-cli"
            """);
    }

    [TearDown]
    public void RemoveCheckout() => _folder.Delete(recursive: true);

    [Test]
    public void Launcher_PassesArgumentsAndExitCodes()
    {
        Give("cmake", "make", "c++");

        var (exitCode, output, _) = Run(new() { ["TensorProvider"] = "LibTorch", ["LIBTORCH"] = "/somewhere" }, "train", "with spaces.json", "*", "");

        Assert.That((exitCode, output), Is.EqualTo((10, "set by TensorProvider|train|with spaces.json|*||")));
    }

    [Test]
    public void Provider_IsTorchSharp_OnAppleSilicon()
    {
        Scripts.Write(Programs, "uname", "[[ ${1:-} == -sm ]] && echo Darwin arm64 || echo Darwin");

        var (_, output, error) = Run([], "doctor");

        Assert.That(output, Is.EqualTo("its packages load here|doctor|"));
        Assert.That(error, Is.EqualTo("fixupnet: building\n"), "nothing is missing");
    }

    [TestCase("aarch64", "", "TorchSharp has no packages for Linux aarch64")]
    [TestCase("x86_64", "/somewhere", "LIBTORCH names /somewhere")]
    public void Provider_IsLibTorch_WhereTorchSharpsPackagesAreNotForIt(string processor, string libtorch, string reason)
    {
        Scripts.Write(Programs, "uname", $"[[ ${{1:-}} == -sm ]] && echo Linux {processor} || echo Linux");
        Give("cmake", "make", "c++");
        Headers("python", "");

        var (exitCode, output, error) = Run(new() { ["LIBTORCH"] = libtorch }, "doctor");

        Assert.That((exitCode, output), Is.EqualTo((10, $"{reason}|doctor|")), error);
    }

    [Test]
    public void Provider_IsLibTorch_WhereAPyTorchWithCudaIs()
    {
        Give("cmake", "make", "c++");
        Headers("torch", "libtorch_cuda.so");

        var (exitCode, output, error) = Run([], "doctor");

        // Older systems have another reason for the same choice.
        Assert.That(exitCode, Is.EqualTo(10), error);
        Assert.That(output, Does.Contain($"{_folder.FullName}/torch is a PyTorch with CUDA|").Or.Contain("TorchSharp's packages need the C++ runtime of GCC 13"));
    }

    [Test]
    public void Provider_ThatIsNone_IsRefused()
    {
        var result = Run(new() { ["TensorProvider"] = "Torch" }, "doctor");

        Assert.That(result, Is.EqualTo((ExitCodes.Usage, "", "fixupnet: TensorProvider is 'Torch'; LibTorch and TorchSharp are allowed.\n")));
    }

    [Test]
    public void MissingTools_AreOneLine_WithTheCommandToType()
    {
        Scripts.Write(Programs, "python3", "exit 1");

        var result = Run(new() { ["TensorProvider"] = "LibTorch" }, "doctor");

        var missing = "cmake make g++" + (HasLibtorch() ? "" : " libtorch-dev") + (HasFastBlas() ? "" : " libopenblas0-openmp");
        Assert.That(result, Is.EqualTo((ExitCodes.Unavailable, "",
            $"fixupnet: missing: {missing}. On Debian: sudo apt-get install -y --no-install-recommends {missing}\n")));
    }

    [Test]
    public void FastBlas_IsInstalledWhereItMayBe_AndHoldsNobodyUp([Values] bool isRoot)
    {
        if (!HasLibtorch()) Assert.Ignore("without libtorch more is missing than a fast BLAS");
        Give("cmake", "make", "c++");
        // A link to the real one until here.
        File.Delete(Path.Combine(Programs, "readlink"));
        Scripts.Write(Programs, "readlink", """[[ ${*: -1} == *libblas.so.3 ]] && echo /usr/lib/blas/libblas.so.3.11.0 || /usr/bin/readlink "$@" """);
        Scripts.Write(Programs, "python3", "exit 1");
        Scripts.Write(Programs, "id", isRoot ? "echo 0" : "echo 1000");
        Scripts.Write(Programs, "apt-get", """echo "apt-get $*" """);

        var (exitCode, _, error) = Run(new() { ["TensorProvider"] = "LibTorch" }, "doctor");

        Assert.That((exitCode, error), Is.EqualTo(isRoot
            ? (10, "fixupnet: installing libopenblas0-openmp (once)\nfixupnet: building\n") : (10, "fixupnet: building\n")));
    }

    private static bool HasLibtorch() => File.Exists("/usr/include/ATen/core/dispatch/Dispatcher.h");

    private static bool HasFastBlas() => Directory.GetDirectories("/usr/lib").Select(folder => Path.Combine(folder, "libblas.so.3"))
        .Any(file => File.Exists(file) && !File.ResolveLinkTarget(file, returnFinalTarget: true)!.FullName.Contains("/blas/libblas.so."));

    [Test]
    public void MissingSdk_IsOneLine()
    {
        File.Delete(Path.Combine(Programs, "dotnet"));

        var result = Run([], "doctor");

        Assert.That(result, Is.EqualTo((ExitCodes.Unavailable, "",
            "fixupnet: the .NET 10 SDK is missing: install it from https://dot.net and run this again.\n")));
    }

    [TestCase("test", "Usage: fixupnet test [--tools]")]
    [TestCase("publish", "Usage: fixupnet publish [FOLDER]")]
    [TestCase("build", "Usage: fixupnet build")]
    public void Help_IsPrinted_AndNothingBuilt(string command, string expected)
    {
        var (exitCode, output, error) = Run([], command, "--help");

        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.StartWith(expected));
        Assert.That(Directory.Exists(Path.Combine(_folder.FullName, "artifacts")), Is.False);
    }

    [Test]
    public void UnknownPlatform_IsRefused()
    {
        var result = Run([], "test", "--platform", "plan9");

        Assert.That(result, Is.EqualTo((ExitCodes.Usage, "", "fixupnet: --platform is 'plan9'; debian13 and windows are allowed.\n")));
    }

    private void Give(params string[] programs)
    {
        foreach (var name in programs) Scripts.Write(Programs, name, "");
    }

    // A folder of PyTorch that python3 finds.
    private void Headers(string folder, string library)
    {
        var torch = _folder.CreateSubdirectory(folder);
        torch.CreateSubdirectory("include/ATen");
        torch.CreateSubdirectory("lib");
        if (library.Length > 0) File.WriteAllText(Path.Combine(torch.FullName, "lib", library), "");
        Scripts.Write(Programs, "python3", $"echo '{torch.FullName}'");
    }

    private (int ExitCode, string Output, string Error) Run(Dictionary<string, string?> environment, params string[] arguments) =>
        Scripts.Run(Path.Combine(_folder.FullName, "fixupnet"), arguments, new Dictionary<string, string?>(environment) { ["PATH"] = Programs }, clear: true);
}
