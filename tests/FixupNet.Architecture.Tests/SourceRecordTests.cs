using System.Diagnostics;
using System.Text.Json.Nodes;

namespace FixupNet.Architecture.Tests;

/// <summary>What the build writes down of its sources, in a repository of its own.</summary>
internal sealed class SourceRecordTests
{
    private const string Project = """
        <Project>
          <PropertyGroup><ArtifactsPath>$(MSBuildThisFileDirectory)artifacts</ArtifactsPath></PropertyGroup>
          <Import Project="src/FixupNet.Experiments/ProgramSource.targets" />
          <Target Name="BeforeBuild" />
          <Target Name="Build" DependsOnTargets="BeforeBuild" />
        </Project>
        """;

    private string _folder = "";

    [SetUp]
    public void CreateRepository()
    {
        _folder = Directory.CreateTempSubdirectory("fixupnet-").FullName;
        Write("build.proj", Project);
        Write("Directory.Build.props", "<Project />");
        Write("Directory.Packages.props", "<Project />");
        Write("README.md", "words");
        Write("src/Scheme.cs", "one");
        Write("src/FixupNet.Experiments/ProgramSource.targets", Repository.Read("src/FixupNet.Experiments/ProgramSource.targets"));
        Write(".gitignore", "artifacts/");
    }

    [TearDown]
    public void DeleteRepository()
    {
        // What git writes may not be written to.
        foreach (var file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories)) File.SetAttributes(file, FileAttributes.Normal);
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void Build_TellsCommitChangesAndCode()
    {
        Commit("first");
        var clean = Build();
        Write("src/Scheme.cs", "two\n");
        Write("src/New.cs", "new\n");
        var (changed, patch) = (Build(), Patch());
        var status = Git("status", "--porcelain");
        Commit("second");
        var committed = Build();
        Write("README.md", "other words");
        var documented = Build();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((bool)clean["dirty"]!, Is.False);
            Assert.That(((bool)changed["dirty"]!, (string?)changed["commit"]), Is.EqualTo((true, (string?)clean["commit"])));
            Assert.That(patch, Does.Contain("+two").And.Contain("b/src/New.cs").And.Contain("+new"));
            // The repository's own index was not touched: the new file is still one that git does not know.
            Assert.That(status, Does.Contain("?? src/New.cs"));
            Assert.That((string?)changed["code"], Is.Not.EqualTo((string?)clean["code"]));
            // The same sources are the same code, whether they are committed or not, and whatever the documentation says.
            Assert.That(((string?)committed["code"], (bool)committed["dirty"]!), Is.EqualTo(((string?)changed["code"], false)));
            Assert.That(documented.ToJsonString(), Is.EqualTo(committed.ToJsonString()));
            Assert.That(Patch(), Is.Empty);
        }
    }

    [Test]
    public void Build_SaysNothing_WithoutARepository() => Assert.That(Build().ToJsonString(), Is.EqualTo("{}"));

    private JsonNode Build()
    {
        Run("dotnet", "msbuild", "build.proj", "-nologo", "-v:q");
        return JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "artifacts", "obj", "source", "source.json")))!;
    }

    private string Patch() => File.ReadAllText(Path.Combine(_folder, "artifacts", "obj", "source", "source.patch"));

    private void Commit(string message)
    {
        Git("init", "-q");
        Git("add", "-A");
        Git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", message);
    }

    private string Git(params string[] arguments)
    {
        try
        {
            return Run("git", arguments);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("git is not installed here.");
            throw;
        }
    }

    private void Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // A repository around the temporary folder, or one that a hook runs in, is not meant.
        start.Environment["GIT_CEILING_DIRECTORIES"] = Path.GetDirectoryName(_folder);
        foreach (var name in (string[])["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"]) start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output + errors.GetAwaiter().GetResult());
        return output;
    }
}
