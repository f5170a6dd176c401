using System.Diagnostics;
using FixupNet.Engine.DepthFirst;
using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.BatchNorm;

/// <summary>The last block's result, the head forward and, in training, back.</summary>
internal sealed unsafe class HeadPhase(BatchStep step) : Phase(step, step.Plan.Blocks[^1].OutElements)
{
    private readonly PlannedNormalizedBlock _block = step.Plan.Blocks[^1];
    private readonly Normalizer _norm = step.Norms[^1].Branch[^1];
    private readonly HeadLayers _head = step.Plan.Network.Head;
    private readonly float* _partials = step.Memory.Partials(1);
    private readonly Totals[] _totals = new Totals[step.Plan.Parts(step.Plan.Blocks[^1].OutElements, step.Plan.Capacity)];

    /// <summary>Loss and right answers of the batch.</summary>
    internal Totals Totals { get; private set; }

    /// <summary>When it ended.</summary>
    internal long EndTime { get; private set; }

    /// <inheritdoc/>
    internal override int SumCount => Step.IsTraining ? 1 : 0;

    private long WeightCount => (long)_head.ClassCount * _head.FeatureCount;

    private long PartialCount => WeightCount + _head.ClassCount;

    /// <inheritdoc/>
    protected override void Run(PartWorker worker, int part, int first, int count)
    {
        var output = Step.ProduceInput(worker, Step.Plan.Blocks.Count, first, count);
        worker.Classifier.Forward(Step.Kernels, output, count, _block.OutPixels);
        if (!Step.IsTraining)
        {
            worker.Classifier.Logits(count).CopyTo(new Span<float>(Step.Logits + ((long)first * _head.ClassCount), count * _head.ClassCount));
            return;
        }
        _totals[part] = default;
        worker.Classifier.AddLoss(Step.Batch.Part(Step.Plan.Stem.InSize, part, Parts), Step.Batch.Count, ref _totals[part]);
        var partial = _partials + (part * PartialCount);
        new Span<float>(partial, (int)PartialCount).Clear();
        worker.Classifier.AddWeightGradient(partial, count);
        worker.Classifier.AddBiasGradient(partial + WeightCount, count);
        var gradient = Step.Memory.Gradient(_block.GradientBuffer) + (first * _block.OutElements);
        worker.Classifier.Backward(Step.Kernels, output, count, _block.OutPixels, gradient);
        Step.Kernels.GradientMoments(
            _block.OutShape(count), gradient, Step.Raw(_block.Convolutions[^1], first), _norm.Forward.Means, Moments(_norm, part));
    }

    /// <inheritdoc/>
    internal override void Finish()
    {
        EndTime = Stopwatch.GetTimestamp();
        if (!Step.IsTraining) return;
        _norm.TakeGradientMoments(Step.Memory.Moments(0), Parts, Step.ValuesOf(_block.OutPixels));
        Totals = default;
        foreach (var part in _totals.AsSpan(0, Parts))
            Totals = Totals with { Loss = Totals.Loss + part.Loss, Correct = Totals.Correct + part.Correct, PartnerCorrect = Totals.PartnerCorrect + part.PartnerCorrect };
    }

    /// <inheritdoc/>
    internal override void Sum(int index)
    {
        for (var i = 0L; i < PartialCount; i++)
        {
            float sum = 0;
            for (var part = 0; part < Parts; part++) sum += _partials[(part * PartialCount) + i];
            *(i < WeightCount ? _head.Weights.Gradient + i : _head.Bias.Gradient + (i - WeightCount)) = sum;
        }
    }
}
