using FixupNet.Augmentation;
using FixupNet.Randomness;
using FixupNet.Training.Augmentation;
using FixupNet.Training.Data;
using FixupNet.Training.Data.Images;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tasks;

/// <summary>How a pipeline makes batches.</summary>
/// <param name="BatchSize">Images a batch; the last batch of an epoch may be smaller.</param>
/// <param name="Crop">Random crops: of images in memory after padding, of images of a folder of random size and shape.</param>
/// <param name="Flip">Random flips.</param>
/// <param name="MixupAlpha">α of mixup; 0 switches it off.</param>
/// <param name="Precision">Element type of the images.</param>
/// <param name="Cutout">Side of the square that is erased of every image; 0 for none.</param>
/// <param name="RandomErasing">Probability that a rectangle is erased of an image; 0 for never.</param>
public sealed record BatchOptions(
    int BatchSize, bool Crop, bool Flip, double MixupAlpha, ScalarType Precision, int Cutout = 0, double RandomErasing = 0);

/// <summary>Makes every batch of a run; which images, in which variation, is a pure function of seed, epoch and position.</summary>
public sealed class BatchPipeline : IDisposable
{
    private readonly BatchOptions _options;
    private readonly SeedPlan _seeds;
    private readonly IImageSource _source;
    private readonly Device _device;
    private readonly Tensor _mean;
    private readonly Tensor _std;
    private EpochDraws? _draws;
    private int[]? _initialOrder;

    /// <summary>Opens a dataset; one that is in memory is put on the device.</summary>
    /// <param name="dataset">Both splits.</param>
    /// <param name="options">How batches are made.</param>
    /// <param name="seeds">The run's random streams.</param>
    /// <param name="device">Where batches are made.</param>
    public BatchPipeline(ImageData dataset, BatchOptions options, SeedPlan seeds, Device device)
    {
        (Dataset, _options, _seeds, _device) = (dataset, options, seeds, device);
        _source = dataset is FolderDataset folder ? new FolderSource(folder, options, seeds, device) : new MemoryImages((ImageDataset)dataset, options, seeds, device);
        _mean = InPixels(dataset.ChannelMean, device);
        _std = InPixels(dataset.ChannelStd, device);
    }

    /// <summary>The dataset.</summary>
    public ImageData Dataset { get; }

    /// <summary>Images in the training split.</summary>
    public int TrainCount => Dataset.TrainCount;

    /// <summary>Images in the test split.</summary>
    public int TestCount => Dataset.TestCount;

    /// <summary>How reading images has gone so far; null where all of them are in memory.</summary>
    public ReadingReport? Reading => _source.Reading;

    /// <summary>Steps of an epoch.</summary>
    public int BatchesPerEpoch => (TrainCount + _options.BatchSize - 1) / _options.BatchSize;

    /// <summary>One training batch; of images in memory, nothing but the first one asked of an epoch waits for the device.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="index">Batch within the epoch, from 0.</param>
    /// <exception cref="DatasetCorruptException">An image cannot be read and may not be left out.</exception>
    public ImageBatch Training(int epoch, int index)
    {
        using var scope = NewDisposeScope();
        var start = index * _options.BatchSize;
        var draws = DrawsOf(epoch);
        var bytes = _source.Training(epoch, index);
        var images = Normalized(bytes.Pixels);
        if (draws.Erased is { } erased) images = Erasing.Apply(images, erased.narrow(0, start, bytes.Count));
        var batch = new ImageBatch(images, bytes.Labels);
        if (draws.Partners is { } partners) batch = Mixed(batch, PartnersOf(partners, epoch, index, bytes.Count), draws.LambdaOf(index));
        return Kept(batch) with { DropSeed = _seeds.Dropout(epoch, index), Indices = bytes.Indices.MoveToOuterDisposeScope() };
    }

    /// <summary>Training images in their original form and an order of their own, again from the first after the last: for an initialization.</summary>
    /// <param name="index">Which draw, from 0.</param>
    /// <param name="count">Images of every draw, at least 1.</param>
    public ImageBatch Initial(int index, int count)
    {
        using var scope = NewDisposeScope();
        var order = _initialOrder ??= Permutation.Of(TrainCount, _seeds.InitializationData());
        return BatchOf(_source.Originals([.. Enumerable.Range(0, count).Select(i => order[(int)(((long)index * count + i) % order.Length)])]));
    }

    /// <summary>Training images in file order and their original form.</summary>
    /// <param name="start">First image.</param>
    /// <param name="count">Images, at most up to the end of the split.</param>
    public ImageBatch Original(int start, int count)
    {
        using var scope = NewDisposeScope();
        return BatchOf(_source.Originals([.. Enumerable.Range(start, count)]));
    }

    /// <summary>Test images as pixels in [0, 1], in file order.</summary>
    /// <param name="start">First image.</param>
    /// <param name="count">Images, at most up to the end of the split.</param>
    public Tensor TestPixels(int start, int count)
    {
        using var scope = NewDisposeScope();
        return _source.Test(start, count).Pixels.to(_options.Precision).div_(255).MoveToOuterDisposeScope();
    }

    /// <summary>What the network is given of pixels in [0, 1]; can be differentiated.</summary>
    /// <param name="pixels">Images [N,C,H,W].</param>
    public Tensor Normalize(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return ((pixels * 255 - _mean) / _std).MoveToOuterDisposeScope();
    }

    /// <summary>One batch of the test split, in file order, without variation; smaller than asked for where images are left out.</summary>
    /// <param name="start">First image.</param>
    /// <param name="count">Images, at most up to the end of the split.</param>
    /// <exception cref="DatasetCorruptException">An image cannot be read and may not be left out.</exception>
    public ImageBatch Test(int start, int count)
    {
        using var scope = NewDisposeScope();
        return BatchOf(_source.Test(start, count));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _draws?.Dispose();
        _source.Dispose();
        _mean.Dispose();
        _std.Dispose();
    }

    private EpochDraws DrawsOf(int epoch)
    {
        if (_draws?.Epoch == epoch) return _draws;
        _draws?.Dispose();
        return _draws = new EpochDraws(epoch, (TrainCount, Dataset.Shape.Height), _options, _seeds, _device);
    }

    // A batch of which images are left out is mixed by itself.
    private Tensor PartnersOf(Tensor partners, int epoch, int index, int count)
    {
        var start = index * _options.BatchSize;
        if (count == Math.Min(_options.BatchSize, TrainCount - start)) return partners.narrow(0, start, count);
        var draw = new Mixup(_options.MixupAlpha).Draw(count, _seeds.Mixup(epoch, index));
        return tensor([.. draw.Partners.Select(partner => (long)partner)]).to(_device);
    }

    private ImageBatch BatchOf(ImageBytes bytes) => Kept(new ImageBatch(Normalized(bytes.Pixels), bytes.Labels));

    private static ImageBatch Mixed(ImageBatch batch, Tensor partners, double lambda) => new(
        Mixup.Mix(batch.Images, batch.Images.index_select(0, partners), lambda),
        batch.Labels,
        new LabelMix(batch.Labels.index_select(0, partners), lambda));

    private static ImageBatch Kept(ImageBatch batch)
    {
        batch.Images.MoveToOuterDisposeScope();
        batch.Labels.MoveToOuterDisposeScope();
        batch.Mix?.PartnerLabels.MoveToOuterDisposeScope();
        return batch;
    }

    private Tensor Normalized(Tensor pixels) => pixels.to(_options.Precision).sub_(_mean).div_(_std);

    private Tensor InPixels(IReadOnlyList<double> fractions, Device device)
    {
        using var values = tensor(fractions.Select(fraction => fraction * 255).ToArray());
        return values.view(1, -1, 1, 1).to(_options.Precision, device).DetachFromDisposeScope();
    }
}
