using System.Text.RegularExpressions;

namespace FixupNet.Reporting.Tests;

/// <summary>What runs/README.md and the records say of each other.</summary>
public sealed partial class RecordsTests
{
    private static readonly string Runs = RunsFolder();

    private static IEnumerable<string> Records => Directory.GetDirectories(Path.Combine(Runs, "records")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    [Test]
    public void TheList_HasEveryRecord() => Assert.That(
        ListedRecord().Matches(File.ReadAllText(Path.Combine(Runs, "README.md"))).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal), Is.EqualTo(Records));

    [TestCaseSource(nameof(Records))]
    public void ARecord_NamesItsCommandAndCommit(string name) =>
        Assert.That(File.ReadAllText(Path.Combine(Runs, "records", name, "README.md")), Does.Match("fixupnet (train|sweep run) configs/").And.Match("commit [0-9a-f]{7}"));

    // A mean without the values it is of cannot be checked, compared or drawn again.
    [TestCaseSource(nameof(Records))]
    public void ARecordOfASweep_HasItsTrials_OrSaysThatTheyWereNotKept(string name)
    {
        var folder = Path.Combine(Runs, "records", name);

        Assert.That(!File.Exists(Path.Combine(folder, "sweep.resolved.json")) || File.Exists(Path.Combine(folder, "trials.csv"))
            || File.ReadAllText(Path.Combine(folder, "README.md")).Contains("single trials were not kept", StringComparison.Ordinal), Is.True);
    }

    private static string RunsFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FixupNet.sln"))) folder = folder.Parent!;
        return Path.Combine(folder.FullName, "runs");
    }

    [GeneratedRegex(@"(?m)^\| \[[^\]]+\]\(records/([^)]+)\) \|")]
    private static partial Regex ListedRecord();
}
