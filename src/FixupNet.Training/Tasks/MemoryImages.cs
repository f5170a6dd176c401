using FixupNet.Randomness;
using FixupNet.Training.Augmentation;
using FixupNet.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tasks;

/// <summary>Images of a dataset that lies on the device as a whole.</summary>
/// <param name="dataset">Both splits.</param>
/// <param name="options">How batches are made.</param>
/// <param name="seeds">The run's random streams.</param>
/// <param name="device">Where batches are made.</param>
internal sealed class MemoryImages(ImageDataset dataset, BatchOptions options, SeedPlan seeds, Device device) : IImageSource
{
    private readonly ImageTensors _train = new(dataset.Train, device);
    private readonly ImageTensors _test = new(dataset.Test, device);
    private EpochOrder? _order;

    // On the device at once: a copy from the host's memory first waits for everything that the device has queued, and no step could be queued behind another.
    private sealed record EpochOrder(int Epoch, Tensor Order, Tensor? Variations) : IDisposable
    {
        public void Dispose()
        {
            Order.Dispose();
            Variations?.Dispose();
        }
    }

    /// <inheritdoc/>
    public ImageBytes Training(int epoch, int index)
    {
        var start = index * options.BatchSize;
        var count = Math.Min(options.BatchSize, _train.Count - start);
        var order = OrderOf(epoch);
        var picked = order.Order.narrow(0, start, count);
        var pixels = _train.Pixels.index_select(0, picked);
        if (order.Variations is { } variations) pixels = CropAndFlip.Apply(pixels, variations.narrow(0, start, count));
        return new(pixels, _train.Labels.index_select(0, picked), picked);
    }

    /// <inheritdoc/>
    public ImageBytes Originals(IReadOnlyList<int> indices)
    {
        var picked = tensor([.. indices.Select(index => (long)index)], device: device);
        return new(_train.Pixels.index_select(0, picked), _train.Labels.index_select(0, picked), picked);
    }

    /// <inheritdoc/>
    public ImageBytes Test(int start, int count) =>
        new(_test.Pixels.narrow(0, start, count), _test.Labels.narrow(0, start, count), arange(start, start + count, int64, device));

    /// <inheritdoc/>
    public void Dispose()
    {
        _order?.Dispose();
        _train.Dispose();
        _test.Dispose();
    }

    private EpochOrder OrderOf(int epoch)
    {
        if (_order?.Epoch == epoch) return _order;
        _order?.Dispose();
        using var scope = NewDisposeScope();
        var order = tensor(Array.ConvertAll(Permutation.Of(_train.Count, seeds.DataOrder(epoch)), index => (long)index)).to(device);
        var variation = new CropAndFlip(options.Crop, options.Flip);
        var variations = variation.IsActive ? variation.Draw([.. Enumerable.Range(0, _train.Count).Select(position => seeds.Augmentation(epoch, position))]).to(device) : null;
        return _order = new EpochOrder(epoch, order.DetachFromDisposeScope(), variations?.DetachFromDisposeScope());
    }
}
