using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using FixupNet.Experiments.Trials;

namespace FixupNet.Cli.Tests.Documentation;

/// <summary>A program with choices of its own, from outside the product: docs/library.md's, built as printed, and what it leaves.</summary>
[SupportedOSPlatform("linux"), Platform("Linux")]
internal sealed partial class OwnProgramTests : CliTests
{
    // Builds a program and trains four small networks: half a minute.
    [Test, Category("Slow")]
    public void Program_OfTheDocs_SweepsOverItsOwnMethodAndScheme()
    {
        foreach (Match file in Files().Matches(File.ReadAllText(Path.Combine(Scripts.RepositoryRoot, "docs", "library.md"))))
            Write(file.Groups["name"].Value, file.Groups["text"].Value.Replace("../fixupnet/", $"{Scripts.RepositoryRoot}/"));
        // The product is taken as it is built: other tests use it at this moment.
        Start("dotnet", "build", At("own.csproj"), "-c", "Release", "-p:BuildProjectReferences=false", "-p:TreatWarningsAsErrors=true", "-v", "q");
        string Own(params string[] arguments) => Start(At("bin", "Release", "net10.0", "own"), arguments);

        var (methods, table) = (Own("methods"), Own("sweep", "run", At("sweep.json"), "--output", At("runs"), "--threads", "1"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(methods, Does.Match(@"(?m)^damped +Plain, with .*factor=0\.5"));
            Assert.That(table, Does.Match(@"""factor"":0\.25\} +he-halved .*completed 1/1"));
            Assert.That(File.ReadAllText(Path.Combine(Sweep, "report", "table.md")), Does.Contain("he-halved").And.Contain("damped"));
        }
        RequireThatFixupnetSaysWhose(Sweep);
    }

    private new string Sweep => Directory.GetDirectories(At("runs")).Single();

    private static void RequireThatFixupnetSaysWhose(string folder)
    {
        var report = Run("report", folder);
        var finished = Run("sweep", "run", folder);
        foreach (var summary in Directory.GetFiles(folder, "summary.json", SearchOption.AllDirectories)) File.Delete(summary);
        var (again, worker) = (Run("sweep", "run", folder), Run("sweep", "worker", folder));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((report.ExitCode, finished.ExitCode), Is.EqualTo((ExitCodes.Success, ExitCodes.Success)), report.Error + finished.Error);
            Assert.That(finished.Output, Does.Contain("he-halved"));
            Assert.That((again.ExitCode, worker.ExitCode), Is.EqualTo((ExitCodes.BadConfiguration, ExitCodes.BadConfiguration)));
            Assert.That(again.ErrorLines[0], Does.Contain("initialization.name is \"he-halved\"; must be one of fixup, "));
            Assert.That(again.Error, Does.Contain("belongs to the program \"own\", which has choices of its own: run it with that program."));
            Assert.That(worker.Error, Does.Contain("the program \"own\""));
        }
    }

    private static string Start(string command, params string[] arguments)
    {
        // Of the provider whose files are there.
        var result = Scripts.Run(command, arguments, new Dictionary<string, string?> { ["TensorProvider"] = HostMachine.ProviderName, ["MSBuildSDKsPath"] = null, ["DOTNET_NOLOGO"] = "1" });
        Assert.That(result.ExitCode, Is.Zero, $"{command} {string.Join(' ', arguments)}:\n{result.Output}{result.Error}");
        return result.Output;
    }

    [GeneratedRegex(@"```(?:xml|csharp|json) (?<name>\w[\w.]+)\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Files();
}
