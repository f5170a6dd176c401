using FixupNet.Runs.Metrics;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace FixupNet.Training.Tasks;

/// <summary>Measures the classification of the test images, without gradients.</summary>
public static class Evaluator
{
    /// <summary>Images computed at once.</summary>
    public const int ImagesAtOnce = 250;

    /// <summary>Evaluates every test image once.</summary>
    /// <param name="scores">Maps images [N,C,H,W] to logits [N,K].</param>
    /// <param name="batches">Where test images come from.</param>
    /// <param name="maxImages">Images at most, the first ones; null for all.</param>
    /// <param name="cancellation">Gives up between two batches.</param>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public static Evaluation Run(Func<Tensor, Tensor> scores, BatchPipeline batches, int? maxImages = null, CancellationToken cancellation = default)
    {
        var count = Math.Min(batches.TestCount, maxImages ?? batches.TestCount);
        using var all = NewDisposeScope();
        using var mode = no_grad();
        // Read at the end, all at once: to read a number is to wait for the device.
        var sums = new List<Tensor>();
        for (var start = 0; start < count; start += ImagesAtOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var batch = batches.Test(start, Math.Min(ImagesAtOnce, count - start));
            var logits = scores(batch.Images);
            var partLoss = F.cross_entropy(logits, batch.Labels, reduction: nn.Reduction.Sum).to(ScalarType.Float64);
            var partCorrect = logits.argmax(1).eq(batch.Labels).sum().to(ScalarType.Float64);
            sums.Add(stack([partLoss, partCorrect]).MoveToOuterDisposeScope());
        }
        var read = stack(sums).cpu().data<double>().ToArray();
        double loss = 0, correct = 0;
        for (var i = 0; i < read.Length; i += 2) (loss, correct) = (loss + read[i], correct + read[i + 1]);
        return new Evaluation(new MetricValues((Metric.Loss, loss / count), (Metric.Accuracy.Name, correct / count)), count);
    }
}
