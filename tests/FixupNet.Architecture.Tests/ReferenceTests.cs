namespace FixupNet.Architecture.Tests;

/// <summary>Who may refer to whom: arrows run from the command line down to tensors and files, never back.</summary>
public sealed class ReferenceTests
{
    // Project → the projects it may name in its project file. Tensors come with FixupNet.
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["FixupNet.LibTorch"] = [],
        ["FixupNet.Runs"] = [],
        ["FixupNet"] = ["FixupNet.LibTorch"],
        ["FixupNet.Engine"] = ["FixupNet"],
        ["FixupNet.Reporting"] = ["FixupNet.Runs"],
        ["FixupNet.Training"] = ["FixupNet", "FixupNet.Runs"],
        ["FixupNet.Experiments"] = ["FixupNet", "FixupNet.Runs", "FixupNet.Training", "FixupNet.Engine"],
        ["FixupNet.Cli"] = ["FixupNet", "FixupNet.Runs", "FixupNet.Experiments", "FixupNet.Reporting"],
    };

    // Package, or the start of its name → the only projects that may use it.
    private static readonly Dictionary<string, string[]> s_packageUsers = new()
    {
        ["TorchSharp"] = ["FixupNet", "FixupNet.Cli"], // the program names the natives to run on
        ["MathNet.Numerics"] = ["FixupNet", "FixupNet.Reporting"],
        ["Microsoft.ML.Tokenizers"] = ["FixupNet.Training"],
        ["Serilog"] = ["FixupNet.Experiments", "FixupNet.Cli"],
        ["Microsoft.Extensions."] = ["FixupNet.Experiments"],
        ["SkiaSharp"] = ["FixupNet.Training"],
        ["Spectre.Console"] = ["FixupNet.Cli"],
        ["System.CommandLine"] = ["FixupNet.Cli"],
    };

    private static IEnumerable<string> SourceProjects => Repository.Projects("src").Keys;

    // What the other tensor provider alone needs is not built.
    private static IEnumerable<string> BuiltProjects =>
#if LIBTORCH_PROVIDER
        SourceProjects;
#else
        SourceProjects.Where(project => project != "FixupNet.LibTorch");
#endif

    private static IEnumerable<string> WithoutTensors => ["FixupNet.Runs", "FixupNet.Reporting"];

    [TestCaseSource(nameof(SourceProjects))]
    public void ProjectFile_NamesOnlyProjectsBelow(string project) =>
        Assert.That(References.ToProjects(project), Is.SubsetOf(s_allowed[project]));

    [TestCaseSource(nameof(BuiltProjects))]
    public void Assembly_UsesOnlyProjectsBelow(string project) =>
        Assert.That(References.ToAssemblies(project).Where(IsOurs), Is.SubsetOf(Below(project)));

    [TestCaseSource(nameof(BuiltProjects))]
    public void Project_UsesOnlyThePackagesMeantForIt(string project)
    {
        var used = References.ToPackages(project).Concat(References.ToAssemblies(project));

        var refused = used.Where(package => s_packageUsers.Any(rule => package.StartsWith(rule.Key, StringComparison.Ordinal) && !rule.Value.Contains(project)));

        // Any project above the library may compute with tensors; the package is named by the library alone.
        Assert.That(refused.Where(package => package != "TorchSharp" || !Below(project).Contains("FixupNet")), Is.Empty);
    }

    [TestCaseSource(nameof(SourceProjects))]
    public void ProjectFile_NamesOnlyPackagesWithARule(string project) =>
        Assert.That(References.ToPackages(project).Where(package => package != "$(TorchSharpRuntime)" && !s_packageUsers.Keys.Any(package.StartsWith)), Is.Empty);

    [TestCaseSource(nameof(WithoutTensors))]
    public void Assembly_KnowsNoTensors(string project) =>
        Assert.That(References.ToTypes(project), Has.None.StartsWith("TorchSharp."));

    [Test]
    public void Library_KnowsNeitherJsonNorFilesNorTheNetwork() =>
        Assert.That(References.ToTypes("FixupNet").Where(type =>
            type.StartsWith("System.Text.Json", StringComparison.Ordinal) || type.StartsWith("System.Net", StringComparison.Ordinal)
            || type is "System.IO.File" or "System.IO.FileStream" or "System.IO.FileInfo" or "System.IO.Directory" or "System.IO.DirectoryInfo"), Is.Empty);

    [Test]
    public void ToTypes_ListsWhatAnAssemblyUses() =>
        Assert.That(References.ToTypes("FixupNet"), Does.Contain("System.Math").And.Contain(".Tensor"), "nested types have no namespace of their own");

    private static bool IsOurs(string assembly) => assembly.StartsWith("FixupNet", StringComparison.Ordinal) || assembly == "fixupnet-cli";

    private static HashSet<string> Below(string project) => [.. s_allowed[project].SelectMany(below => Below(below).Append(below))];
}
