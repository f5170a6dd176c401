using FixupNet.Training;

namespace FixupNet.Reliability.Tests.Resume;

/// <summary>Interrupts a training, once.</summary>
/// <param name="cut">Where.</param>
/// <param name="source">What to cancel.</param>
internal sealed class CutObserver(Cut cut, CancellationTokenSource source) : TrainingObserver
{
    /// <summary>Steps of an epoch.</summary>
    internal const int StepsPerEpoch = 3;

    /// <summary>Epochs.</summary>
    internal const int Epochs = 3;

    /// <inheritdoc/>
    public override void OnStep(StepReport report)
    {
        var made = report.UpdatesMade + 1;
        if (made == StepAfterWhich(cut) || cut == Cut.EveryStep) source.Cancel();
        // Some time into the evaluation, which takes three batches; wherever it is then must do.
        if (cut == Cut.Evaluation && made == 2 * StepsPerEpoch) source.CancelAfter(TimeSpan.FromMilliseconds(3));
    }

    /// <inheritdoc/>
    public override void OnEvaluated(EvaluationReport report)
    {
        if (cut == Cut.EpochEnd && report.UpdatesMade == 2 * StepsPerEpoch) source.Cancel();
    }

    private static int? StepAfterWhich(Cut cut) => cut switch
    {
        Cut.FirstBatch => 1,
        Cut.FirstBatchOfEpoch => StepsPerEpoch + 1,
        Cut.MidEpoch => StepsPerEpoch + 2,
        Cut.LastBatch => 2 * StepsPerEpoch,
        Cut.LastStep => Epochs * StepsPerEpoch,
        _ => null,
    };
}
