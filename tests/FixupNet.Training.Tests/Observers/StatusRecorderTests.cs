using FixupNet.Runs;
using FixupNet.Runs.Records;
using FixupNet.Training.Observers;
using FixupNet.Training.Tests.Data;

namespace FixupNet.Training.Tests.Observers;

public sealed class StatusRecorderTests
{
    [Test]
    public void OnStep_WritesTheStatus_AtMostEveryTwoSeconds()
    {
        using var folder = new TempFolder();
        var directory = new TrialDirectory(folder.Path);
        var clock = new ManualClock();
        using var recorder = new StatusRecorder(directory, clock);
        var seen = new List<long?>();

        foreach (var seconds in (double[])[1.9, 0.1, 1.9, 0.1, 5])
        {
            clock.Advance(seconds);
            recorder.OnStep(new StepReport(seen.Count, 0.4, 0.5, Some.Result(), 1, TimeSpan.Zero));
            seen.Add(directory.ReadStatus()?.Step);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen, Is.EqualTo(new long?[] { null, 2, 2, 4, 5 }));
            Assert.That(directory.ReadStatus(), Is.EqualTo(new TrialStatus(TrialState.Running, 5, 0.5, clock.GetUtcNow())));
        }
    }
}
