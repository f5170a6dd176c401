using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using FixupNet.Experiments.Trials;

namespace FixupNet.Cli.Tests.Documentation;

/// <summary>The library as its users take it: the package, a new console project, and the README's program as printed.</summary>
[SupportedOSPlatform("linux")]
public sealed class LibraryPackageTests
{
    private DirectoryInfo _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("fixupnet-package-");

    [TearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    // Packs, restores and compiles: most of a minute.
    [Test, Category("Slow")]
    public void Program_OfTheReadme_TrainsOnThePackage()
    {
        var root = Scripts.RepositoryRoot;
        var program = Regex.Match(File.ReadAllText(Path.Combine(root, "README.md")), "```csharp\n(?<code>.*?)```", RegexOptions.Singleline).Groups["code"].Value;
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(Path.Combine(_folder.FullName, "Program.cs"), program);
        // Packages of this machine are used where they lie; what is packed here stays here.
        File.WriteAllText(Path.Combine(_folder.FullName, "own.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
                <RestorePackagesPath>packages</RestorePackagesPath>
                <RestoreFallbackFolders>{packages}</RestoreFallbackFolders>
                <RestoreAdditionalProjectSources>packed</RestoreAdditionalProjectSources>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="FixupNet" Version="0.2.0" />
                <PackageReference Include="TorchSharp-cpu" Version="0.107.0" />
              </ItemGroup>
            </Project>
            """);

        Dotnet("pack", Path.Combine(root, "src", "FixupNet"), "-c", "Release", "-p:TensorProvider=TorchSharp", "-p:TorchSharpRuntime=TorchSharp-cpu", "-o", Path.Combine(_folder.FullName, "packed"));
        Dotnet("build", Path.Combine(_folder.FullName, "own.csproj"), "-c", "Release");
        // Not the constant itself, after which the compiler would call the rest unreachable.
        var provider = HostMachine.ProviderName;
        if (provider != "TorchSharp") Assert.Ignore("Packed and compiled as printed; TorchSharp's natives do not load on this system, so it was not run.");
        var output = Dotnet("run", "--project", Path.Combine(_folder.FullName, "own.csproj"), "-c", "Release", "--no-build");

        var steps = Regex.Matches(output, @"^step (\d+) loss (?<loss>[\d.]+) gradient norm (?<norm>\S+), first block (?<block>\S+)$", RegexOptions.Multiline);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(steps, Has.Count.EqualTo(30));
            Assert.That(Value(steps[0], "loss"), Is.EqualTo(Math.Log(3)).Within(1e-3), "the zero classifier");
            Assert.That(Value(steps[^1], "loss"), Is.LessThan(1.05), "it learns");
            Assert.That(Value(steps[0], "block"), Is.Zero, "branches begin without a gradient");
            Assert.That(Value(steps[^1], "block"), Is.Positive);
        }
    }

    private static double Value(Match step, string name) => double.Parse(step.Groups[name].Value, System.Globalization.CultureInfo.InvariantCulture);

    private static string Dotnet(params string[] arguments)
    {
        // The build's own choice of provider must not reach the new project.
        var environment = new Dictionary<string, string?> { ["TensorProvider"] = null, ["MSBuildSDKsPath"] = null, ["DOTNET_NOLOGO"] = "1" };
        var result = Scripts.Run("dotnet", arguments, environment);
        Assert.That(result.ExitCode, Is.Zero, $"dotnet {string.Join(' ', arguments)}:\n{result.Output}{result.Error}");
        return result.Output;
    }
}
