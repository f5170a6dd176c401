using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tasks;

/// <summary>A task of images that remembers which examples of the step at hand were classified right.</summary>
/// <param name="inner">The task; disposed with this object.</param>
public sealed class ObservedTask(ITask inner) : VariedTask(inner)
{
    private readonly List<int> _right = [];
    private readonly List<int> _wrong = [];

    /// <inheritdoc/>
    public override IReadOnlyList<MetricTotal> Measure(Tensor outputs, Batch batch)
    {
        using (NewDisposeScope())
        {
            var right = outputs.argmax(1).eq(((ImageBatch)batch).Labels).cpu().data<bool>().ToArray();
            var indices = batch.Indices!.cpu().data<long>().ToArray();
            for (var i = 0; i < right.Length; i++) (right[i] ? _right : _wrong).Add((int)indices[i]);
        }
        return base.Measure(outputs, batch);
    }

    /// <summary>What was measured since the call before.</summary>
    /// <param name="step">Updates the weights had.</param>
    internal ExamplesLine Take(long step)
    {
        var line = new ExamplesLine(step, [.. _right], [.. _wrong]);
        _right.Clear();
        _wrong.Clear();
        return line;
    }
}
