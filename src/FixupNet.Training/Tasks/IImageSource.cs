using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tasks;

/// <summary>Where a pipeline's images come from; its tensors belong to the dispose scope they were made in.</summary>
internal interface IImageSource : IDisposable
{
    /// <summary>How reading has gone so far; null where all images are in memory.</summary>
    ReadingReport? Reading => null;

    /// <summary>One training batch, its images varied: a pure function of the run's seed, the epoch and the index.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="index">Batch within the epoch, from 0.</param>
    ImageBytes Training(int epoch, int index);

    /// <summary>Training images in their original form.</summary>
    /// <param name="indices">Which ones.</param>
    ImageBytes Originals(IReadOnlyList<int> indices);

    /// <summary>Images of the test split, in order.</summary>
    /// <param name="start">First image.</param>
    /// <param name="count">Images, at most up to the end of the split.</param>
    ImageBytes Test(int start, int count);
}

/// <summary>Images on the device where batches are made, a byte a value.</summary>
/// <param name="Pixels">[N,C,H,W], uint8.</param>
/// <param name="Labels">Class indices [N], int64.</param>
/// <param name="Indices">Which image of its split each one is [N], int64.</param>
internal sealed record ImageBytes(Tensor Pixels, Tensor Labels, Tensor Indices)
{
    /// <summary>N.</summary>
    internal int Count => (int)Labels.shape[0];
}
