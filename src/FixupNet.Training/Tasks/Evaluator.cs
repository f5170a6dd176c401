using FixupNet.Runs.Metrics;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace FixupNet.Training.Tasks;

/// <summary>Measures the classification of the test images, without gradients.</summary>
public static class Evaluator
{
    private const int MostImagesAtOnce = 250;
    private const int PixelsAtOnce = 1 << 20;

    /// <summary>Images of a shape that are computed at once: at most 250, and at most 2²⁰ pixels of each channel.</summary>
    /// <param name="images">Their shape.</param>
    public static int ImagesAtOnce(ImageShape images) => Math.Clamp(PixelsAtOnce / (images.Height * images.Width), 1, MostImagesAtOnce);

    /// <summary>Evaluates every test image once; those that are left out for their files count nowhere.</summary>
    /// <param name="scores">Maps images [N,C,H,W] to logits [N,K].</param>
    /// <param name="batches">Where test images come from.</param>
    /// <param name="maxImages">Images at most, the first ones; null for all.</param>
    /// <param name="cancellation">Gives up between two batches.</param>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public static Evaluation Run(Func<Tensor, Tensor> scores, BatchPipeline batches, int? maxImages = null, CancellationToken cancellation = default)
    {
        var (count, atOnce) = (Math.Min(batches.TestCount, maxImages ?? batches.TestCount), ImagesAtOnce(batches.Dataset.Shape));
        var seen = 0;
        using var all = NewDisposeScope();
        using var mode = no_grad();
        // Read at the end, all at once: to read a number is to wait for the device.
        var sums = new List<Tensor>();
        for (var start = 0; start < count; start += atOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var batch = batches.Test(start, Math.Min(atOnce, count - start));
            seen += batch.Count;
            var logits = scores(batch.Images);
            var partLoss = F.cross_entropy(logits, batch.Labels, reduction: nn.Reduction.Sum).to(ScalarType.Float64);
            var partCorrect = logits.argmax(1).eq(batch.Labels).sum().to(ScalarType.Float64);
            sums.Add(stack([partLoss, partCorrect]).MoveToOuterDisposeScope());
        }
        var read = stack(sums).cpu().data<double>().ToArray();
        double loss = 0, correct = 0;
        for (var i = 0; i < read.Length; i += 2) (loss, correct) = (loss + read[i], correct + read[i + 1]);
        return new Evaluation(new MetricValues((Metric.Loss, loss / seen), (Metric.Accuracy.Name, correct / seen)), seen);
    }
}
