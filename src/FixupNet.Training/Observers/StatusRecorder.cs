using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Training.Observers;

/// <summary>Keeps status.json up to date, at most every few seconds.</summary>
/// <param name="directory">The run's directory.</param>
/// <param name="clock">Tells when the file is due.</param>
public sealed class StatusRecorder(TrialDirectory directory, TimeProvider clock) : TrainingObserver
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);
    private long _written = clock.GetTimestamp();

    /// <inheritdoc/>
    public override void OnStep(StepReport report)
    {
        if (clock.GetElapsedTime(_written) < s_interval) return;
        _written = clock.GetTimestamp();
        directory.WriteStatus(new TrialStatus(TrialState.Running, report.UpdatesMade + 1, report.EpochsDone, clock.GetUtcNow()));
    }
}
