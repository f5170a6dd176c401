using System.Text.RegularExpressions;

namespace FixupNet.Architecture.Tests;

/// <summary>Within a project too, references run in one direction: between its top folders there is no cycle.</summary>
public sealed partial class FolderTests
{
    [TestCase("FixupNet")]
    [TestCase("FixupNet.Engine")]
    public void Folders_HaveNoCycle(string project)
    {
        var uses = new Dictionary<string, HashSet<string>>();
        foreach (var file in Repository.Files.Where(file => file.StartsWith($"src/{project}/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)))
        {
            var folder = file.Split('/') is [_, _, var top, _, ..] ? top : "";
            var used = Usings().Matches(Repository.Read(file)).Select(match => match.Groups["name"].Value).Where(name => name.StartsWith($"{project}.", StringComparison.Ordinal));
            uses.TryAdd(folder, []);
            uses[folder].UnionWith(used.Select(name => name[(project.Length + 1)..].Split('.')[0]).Where(other => other != folder));
        }

        // Folders that use nothing but folders already taken away are taken away, until only cycles are left.
        while (uses.FirstOrDefault(item => !item.Value.Any(uses.ContainsKey)) is { Key: { } free }) uses.Remove(free);

        Assert.That(uses.Select(item => $"{item.Key} uses {string.Join(", ", item.Value.Where(uses.ContainsKey))}"), Is.Empty);
    }

    [GeneratedRegex(@"(?m)^using (?:static )?(?<name>[\w.]+);")]
    private static partial Regex Usings();
}
