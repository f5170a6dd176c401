using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace FixupNet.Training;

/// <summary>Loss and accuracy over a whole split.</summary>
/// <param name="Loss">Mean cross-entropy, in nats.</param>
/// <param name="Accuracy">Share classified right, in [0, 1].</param>
/// <param name="ExampleCount">Images seen.</param>
public sealed record Evaluation(double Loss, double Accuracy, int ExampleCount);

/// <summary>Measures a network on the test split, in evaluation mode and without gradients.</summary>
public static class Evaluator
{
    /// <summary>Images computed at once.</summary>
    public const int ImagesAtOnce = 250;

    /// <summary>Evaluates every test image once.</summary>
    /// <param name="network">Maps images [N,3,32,32] to logits [N,K]; back in training mode afterwards if it was before.</param>
    /// <param name="batches">Where test images come from.</param>
    /// <param name="maxImages">Images at most, the first ones; null for all.</param>
    /// <param name="cancellation">Gives up between two batches.</param>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public static Evaluation Run(nn.Module<Tensor, Tensor> network, BatchPipeline batches, int? maxImages = null, CancellationToken cancellation = default)
    {
        var wasTraining = network.training;
        network.eval();
        using var mode = no_grad();
        try
        {
            return Run(network.call, batches, maxImages, cancellation);
        }
        finally
        {
            network.train(wasTraining);
        }
    }

    /// <summary>Evaluates every test image once.</summary>
    /// <param name="scores">Maps images [N,3,32,32] to logits [N,K].</param>
    /// <param name="batches">Where test images come from.</param>
    /// <param name="maxImages">Images at most, the first ones; null for all.</param>
    /// <param name="cancellation">Gives up between two batches.</param>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public static Evaluation Run(Func<Tensor, Tensor> scores, BatchPipeline batches, int? maxImages = null, CancellationToken cancellation = default)
    {
        var count = Math.Min(batches.TestCount, maxImages ?? batches.TestCount);
        double loss = 0;
        long correct = 0;
        for (var start = 0; start < count; start += ImagesAtOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var batch = batches.Test(start, Math.Min(ImagesAtOnce, count - start));
            var logits = scores(batch.Images);
            loss += F.cross_entropy(logits, batch.Labels, reduction: nn.Reduction.Sum).ToDouble();
            correct += logits.argmax(1).eq(batch.Labels).sum().ToInt64();
        }
        return new Evaluation(loss / count, correct / (double)count, count);
    }
}
