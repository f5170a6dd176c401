using FixupNet.Execution;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Studies;

/// <summary>What a network makes of images in their original form.</summary>
internal static class StudyAccuracy
{
    private const int ImagesAtOnce = 250;

    /// <summary>The share of training images that a network classifies as they are labelled.</summary>
    /// <param name="network">The network, in evaluation mode.</param>
    /// <param name="images">The images.</param>
    internal static double OnTraining(ResidualNetwork network, BatchPipeline images)
    {
        using var mode = no_grad();
        long right = 0;
        for (var start = 0; start < images.TrainCount; start += ImagesAtOnce)
        {
            using var scope = NewDisposeScope();
            var batch = images.Original(start, Math.Min(ImagesAtOnce, images.TrainCount - start));
            right += network.call(batch.Images).argmax(1).eq(batch.Labels).sum().ToInt64();
        }
        return right / (double)images.TrainCount;
    }

    /// <summary>The share of test images that a network classifies as they are labelled.</summary>
    /// <param name="network">The network, in evaluation mode.</param>
    /// <param name="images">The images.</param>
    /// <param name="labels">Their labels.</param>
    internal static double OnTest(ResidualNetwork network, BatchPipeline images, byte[] labels)
    {
        using var scope = NewDisposeScope();
        var named = Probabilities(network, images, labels.Length).argmax(1).data<long>().ToArray();
        return named.Zip(labels).Count(pair => pair.First == pair.Second) / (double)labels.Length;
    }

    /// <summary>Class probabilities of test images [N,K], float64, on the CPU.</summary>
    /// <param name="network">The network, in evaluation mode.</param>
    /// <param name="images">The images.</param>
    /// <param name="count">Images, the first ones.</param>
    internal static Tensor Probabilities(ResidualNetwork network, BatchPipeline images, int count)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        for (var start = 0; start < count; start += ImagesAtOnce)
            parts.Add(network.call(images.Test(start, Math.Min(ImagesAtOnce, count - start)).Images).to(ScalarType.Float64).softmax(1).cpu());
        return cat([.. parts]).MoveToOuterDisposeScope();
    }
}
