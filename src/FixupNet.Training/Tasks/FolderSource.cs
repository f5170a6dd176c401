using FixupNet.Randomness;
using FixupNet.Training.Data.Images;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tasks;

/// <summary>Images that are read from files while the network trains.</summary>
/// <param name="dataset">The folder.</param>
/// <param name="options">How batches are made.</param>
/// <param name="seeds">The run's random streams.</param>
/// <param name="device">Where batches are made.</param>
internal sealed class FolderSource(FolderDataset dataset, BatchOptions options, SeedPlan seeds, Device device) : IImageSource
{
    private readonly FolderImages _images = new(dataset.Folder, dataset.ReadingOptions(options.BatchSize, options.Crop, options.Flip), seeds);

    /// <inheritdoc/>
    public ReadingReport Reading => new(_images.Waited, _images.Skipped);

    /// <inheritdoc/>
    public ImageBytes Training(int epoch, int index) => OnDevice(_images.Training(epoch, index));

    /// <inheritdoc/>
    public ImageBytes Originals(IReadOnlyList<int> indices) => OnDevice(_images.Originals(indices));

    /// <inheritdoc/>
    public ImageBytes Test(int start, int count) => OnDevice(_images.Test(start, count));

    /// <inheritdoc/>
    public void Dispose() => _images.Dispose();

    private ImageBytes OnDevice(PixelBatch batch)
    {
        var shape = dataset.Shape;
        return new(
            tensor(batch.Pixels, [batch.Labels.Length, shape.Channels, shape.Height, shape.Width]).to(device), tensor(batch.Labels).to(device), tensor(batch.Indices).to(device));
    }
}
