using FixupNet.Diagnostics;
using FixupNet.Execution;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;
using FixupNet.Training.Tasks;

namespace FixupNet.Training.Observers;

/// <summary>Writes activations.jsonl: mean and second moment of every block's output at chosen steps, by an extra forward pass.</summary>
/// <param name="path">The file.</param>
/// <param name="network">The network; its mode and buffers are left as they are.</param>
/// <param name="everySteps">Steps between lines.</param>
/// <param name="keepBytes">Length to cut the file back to, that at a checkpoint; null keeps every intact line.</param>
public sealed class ActivationRecorder(string path, ResidualNetwork network, int everySteps, long? keepBytes = null) : TrainingObserver, ITrainingLog
{
    private readonly JsonLinesWriter _lines = new(path, keepBytes);

    /// <inheritdoc/>
    public long Sync() => _lines.Sync();

    /// <inheritdoc/>
    public override bool LooksAtNetwork(long updatesMade) => updatesMade % everySteps == 0;

    /// <inheritdoc/>
    public override void OnBatch(Batch batch, long updatesMade, double epoch)
    {
        if (!LooksAtNetwork(updatesMade)) return;
        using var unchanged = new BufferSnapshot(network);
        var blocks = ActivationMoments.Measure(network, batch.Input);
        if (_lines.Position == 0) _lines.Write(new ActivationsHeader([.. blocks.Select(block => block.Name)]));
        _lines.Write(new ActivationsLine(updatesMade, epoch, [.. blocks.Select(block => block.Mean)], [.. blocks.Select(block => block.SecondMoment)]));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _lines.Dispose();
}
