using System.Text.RegularExpressions;

namespace FixupNet.Architecture.Tests;

/// <summary>Within a project too, references run in one direction: between its folders, nested ones and the project's own among them, there is no cycle.</summary>
/// <remarks>
/// A folder refers to another where a file of it names a type that the other declares. One kind of file does not count: a list of entries, which
/// names what stands in a folder below it and is named by nobody there. Everything else that both sides need belongs below both.
/// </remarks>
public sealed partial class FolderTests
{
    private static readonly string[] s_listsOfEntries =
    [
        "src/FixupNet/Initialization/InitializationSchemes.cs", // schemes
        "src/FixupNet.Cli/CommandLine.cs", // verbs
        "src/FixupNet.Experiments/ProductRegistries.cs", // registries and checks
        "src/FixupNet.Runs/Json/RunJsonContext.cs", // records
        "src/FixupNet.Training/Data/Datasets.cs", // datasets
    ];

    // What these offer and the words it is said in stand together in the project's own folder, which is therefore no side here.
    private static readonly string[] s_withoutTheirOwnFolder = [];

    private static IEnumerable<string> Projects => Repository.Files.Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal))
        .Select(file => file.Split('/')[1]);

    private sealed record Source(string File, string Folder, string Code);

    [TestCaseSource(nameof(Projects))]
    public void Folders_HaveNoCycle(string project)
    {
        var sources = Repository.Files.Where(file => file.StartsWith($"src/{project}/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal))
            .Select(file => new Source(file, string.Join('/', file.Split('/')[2..^1]), Repository.Read(file)))
            .Where(source => source.Folder.Length > 0 || !s_withoutTheirOwnFolder.Contains(project)).ToList();
        var folderOf = FoldersOfTypes(sources);
        var uses = sources.Where(source => !s_listsOfEntries.Contains(source.File))
            .SelectMany(source => Uses(source, project, folderOf)).GroupBy(use => (use.From, use.To)).ToDictionary(group => group.Key, group => group.First().Example);

        // What refers to nothing, or to nothing but what was taken away, is taken away, until only cycles are left.
        while (uses.Keys.FirstOrDefault(use => uses.Keys.All(other => other.From != use.To)) is { From: not null } free) uses.Remove(free);

        Assert.That(uses.Select(use => $"{project}/{use.Key.From} → {use.Key.To}: {use.Value}"), Is.Empty);
    }

    // Types of one name in two folders are told apart by nobody here.
    private static Dictionary<string, string> FoldersOfTypes(IEnumerable<Source> sources) => sources
        .SelectMany(source => Declarations().Matches(source.Code).Select(match => (Type: match.Groups["name"].Value, source.Folder)))
        .GroupBy(item => item.Type).Where(group => group.Select(item => item.Folder).Distinct().Count() == 1)
        .ToDictionary(group => group.Key, group => group.First().Folder);

    private static IEnumerable<(string From, string To, string Example)> Uses(Source source, string project, Dictionary<string, string> folderOf)
    {
        var code = CommentsAndStrings().Replace(source.Code, "");
        foreach (var type in Names().Matches(code).Select(match => match.Value).Distinct())
        {
            if (!folderOf.TryGetValue(type, out var to) || to == source.Folder || !IsInReach(source, project, to)) continue;
            yield return (source.Folder, to, $"{Path.GetFileName(source.File)} names {type}");
        }
    }

    // A property may have the name of a type that is not even visible.
    private static bool IsInReach(Source source, string project, string folder)
    {
        var space = folder.Length == 0 ? project : $"{project}.{folder.Replace('/', '.')}";
        return source.Code.Contains($"using {space};", StringComparison.Ordinal) || folder.Length == 0 || source.Folder.StartsWith($"{folder}/", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(?m)^(?:public |internal |sealed |static |abstract |partial |readonly |unsafe |ref )*(?:class|record struct|record|struct|enum|interface|delegate [\w<>\[\]?, ]+?) (?<name>\w+)")]
    private static partial Regex Declarations();

    [GeneratedRegex(@"//.*|""(?:[^""\\\n]|\\.)*""")]
    private static partial Regex CommentsAndStrings();

    // Not what follows a dot: that is a member, or a type whose namespace is spelled out.
    [GeneratedRegex(@"(?<![\w.])[A-Z]\w+")]
    private static partial Regex Names();
}
