using FixupNet.Experiments.Sweeps;
using FixupNet.Experiments.Tests.Configuration;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Tests.Sweeps;

/// <summary>What a sweep that has grown will take over, told before it is on the disk.</summary>
internal sealed class ReusedTrialsTests
{
    private const string Document = """{ "name": "s", "base": { "model": { "depth": 8, "width": 2 } }, "seeds": [1, 2, 3] }""";

    [Test]
    public void Find_TellsTheTrialsThatAnotherSweepHolds_AndChangesNothing()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("s.json", Document);
        var first = SweepPlan.Load(file, [], ProductRegistries.All);
        var sweep = SweepFolder.Of(folder.Path, first);
        Directory.CreateDirectory(sweep.Root);
        SweepFolder.Create(sweep, first, File.ReadAllBytes(file));
        var trials = sweep.ReadPlan().Select(sweep.Trial).ToList();
        trials[0].WriteSummary(new TrialSummary(TrialState.Completed, 3, 1, 0.5));
        trials[1].WriteStatus(new TrialStatus(TrialState.Interrupted, 2, 0.5, DateTimeOffset.UnixEpoch));
        var before = Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories);

        var found = ReusedTrials.Find(folder.Path, SweepPlan.Load(file, ["seeds=4,2,1"], ProductRegistries.All), TimeProvider.System);

        var name = Path.GetFileName(sweep.Root);
        Assert.That(found.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)), Is.EqualTo(new[] { (1, (name, false)), (2, (name, true)) }));
        Assert.That(Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories), Is.EqualTo(before));
    }
}
