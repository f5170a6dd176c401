using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Data;

/// <summary>One split of a dataset on the device where it is used: whole, as bytes, so that a batch is a gather and not a transfer.</summary>
public sealed class ImageTensors : IDisposable
{
    /// <summary>Copies the images to the device.</summary>
    /// <param name="images">The split.</param>
    /// <param name="device">Where to.</param>
    public ImageTensors(ImageSet images, Device device)
    {
        Count = images.Count;
        using var scope = NewDisposeScope();
        Pixels = tensor(images.Pixels, [Count, ImageSet.Channels, ImageSet.Side, ImageSet.Side]).to(device).DetachFromDisposeScope();
        Labels = tensor(Array.ConvertAll(images.Labels, label => (long)label)).to(device).DetachFromDisposeScope();
    }

    /// <summary>Images in the split.</summary>
    public int Count { get; }

    /// <summary>Pixels [N,3,32,32], uint8.</summary>
    public Tensor Pixels { get; }

    /// <summary>Class indices [N], int64.</summary>
    public Tensor Labels { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Pixels.Dispose();
        Labels.Dispose();
    }
}
