using FixupNet.Initialization;
using FixupNet.Runs.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tasks;

/// <summary>A task in which something is otherwise than in another one; as it stands, nothing is.</summary>
/// <param name="inner">The other task; disposed with this object.</param>
public class VariedTask(ITask inner) : ITask
{
    /// <summary>The other task.</summary>
    public ITask Inner => inner;

    /// <inheritdoc/>
    public string DataName => inner.DataName;

    /// <inheritdoc/>
    public string DataDigest => inner.DataDigest;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => inner.Warnings;

    /// <inheritdoc/>
    public ImageShape Inputs => inner.Inputs;

    /// <inheritdoc/>
    public int OutputCount => inner.OutputCount;

    /// <inheritdoc/>
    public int TrainCount => inner.TrainCount;

    /// <inheritdoc/>
    public int TestCount => inner.TestCount;

    /// <inheritdoc/>
    public int BatchesPerEpoch => inner.BatchesPerEpoch;

    /// <inheritdoc/>
    public virtual Batch Training(int epoch, int index) => inner.Training(epoch, index);

    /// <inheritdoc/>
    public ReadingReport? Reading => inner.Reading;

    /// <inheritdoc/>
    public SchemeSample? Sample(int index, int count) => inner.Sample(index, count);

    /// <inheritdoc/>
    public virtual Tensor Loss(Tensor outputs, Batch batch) => inner.Loss(outputs, batch);

    /// <inheritdoc/>
    public virtual IReadOnlyList<MetricTotal> Measure(Tensor outputs, Batch batch) => inner.Measure(outputs, batch);

    /// <inheritdoc/>
    public virtual Evaluation Evaluate(nn.Module<Tensor, Tensor> network, Func<Tensor, Tensor> forward, int? maxExamples, CancellationToken cancellation) =>
        inner.Evaluate(network, forward, maxExamples, cancellation);

    /// <inheritdoc/>
    public void WriteFiles(string folder) => inner.WriteFiles(folder);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Disposes the other task, and what was added to it.</summary>
    /// <param name="disposing">Always true.</param>
    protected virtual void Dispose(bool disposing) => inner.Dispose();
}
