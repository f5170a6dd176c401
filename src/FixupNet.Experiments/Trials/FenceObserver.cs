using FixupNet.Runs;
using FixupNet.Training;
using FixupNet.Training.Tasks;

namespace FixupNet.Experiments.Trials;

/// <summary>Ends a run that another worker has taken over, before anything more is written. Stands before all other observers.</summary>
/// <param name="fence">A file whose existence means just that.</param>
/// <param name="directory">The run's directory.</param>
/// <param name="clock">Tells when to look again.</param>
internal sealed class FenceObserver(string fence, TrialDirectory directory, TimeProvider clock) : TrainingObserver
{
    // Looking costs a call to the file system, of a network perhaps; a step may take a millisecond.
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private long? _looked;

    /// <inheritdoc/>
    public override void OnBatch(Batch batch, long updatesMade, double epoch) => RequireNowAndThen();

    /// <inheritdoc/>
    public override void OnStep(StepReport report) => RequireNowAndThen();

    /// <inheritdoc/>
    public override void OnEvaluated(EvaluationReport report) => Require();

    /// <summary>Looks now.</summary>
    /// <exception cref="RunTakenOverException">Another worker has the run.</exception>
    internal void Require()
    {
        if (File.Exists(fence)) throw new RunTakenOverException(directory.Root);
    }

    private void RequireNowAndThen()
    {
        if (_looked is { } looked && clock.GetElapsedTime(looked) < s_interval) return;
        _looked = clock.GetTimestamp();
        Require();
    }
}
