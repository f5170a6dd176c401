using FixupNet.Augmentation;
using FixupNet.Randomness;
using FixupNet.Training.Augmentation;
using FixupNet.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tasks;

/// <summary>How a pipeline makes batches.</summary>
/// <param name="BatchSize">Images a batch; the last batch of an epoch may be smaller.</param>
/// <param name="Crop">Random crops.</param>
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
    private readonly ImageTensors _train;
    private readonly ImageTensors _test;
    private readonly Tensor _mean;
    private readonly Tensor _std;
    private EpochDraws? _draws;
    private int[]? _initialOrder;

    /// <summary>Puts the dataset on the device.</summary>
    /// <param name="dataset">Both splits.</param>
    /// <param name="options">How batches are made.</param>
    /// <param name="seeds">The run's random streams.</param>
    /// <param name="device">Where batches are made.</param>
    public BatchPipeline(ImageDataset dataset, BatchOptions options, SeedPlan seeds, Device device)
    {
        (Dataset, _options, _seeds) = (dataset, options, seeds);
        _train = new ImageTensors(dataset.Train, device);
        _test = new ImageTensors(dataset.Test, device);
        _mean = InPixels(dataset.ChannelMean, device);
        _std = InPixels(dataset.ChannelStd, device);
    }

    /// <summary>The dataset.</summary>
    public ImageDataset Dataset { get; }

    /// <summary>Images in the training split.</summary>
    public int TrainCount => _train.Count;

    /// <summary>Images in the test split.</summary>
    public int TestCount => _test.Count;

    /// <summary>Steps of an epoch.</summary>
    public int BatchesPerEpoch => (_train.Count + _options.BatchSize - 1) / _options.BatchSize;

    /// <summary>One training batch; nothing but the first one asked of an epoch waits for the device.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="index">Batch within the epoch, from 0.</param>
    public ImageBatch Training(int epoch, int index)
    {
        using var scope = NewDisposeScope();
        var start = index * _options.BatchSize;
        var count = Math.Min(_options.BatchSize, _train.Count - start);
        var draws = DrawsOf(epoch);
        var picked = draws.Order.narrow(0, start, count);
        var pixels = _train.Pixels.index_select(0, picked);
        if (draws.Variations is { } variations) pixels = CropAndFlip.Apply(pixels, variations.narrow(0, start, count));
        var images = Normalized(pixels);
        if (draws.Erased is { } erased) images = Erasing.Apply(images, erased.narrow(0, start, count));
        var batch = new ImageBatch(images, _train.Labels.index_select(0, picked));
        if (draws.Partners is { } partners) batch = Mixed(batch, partners.narrow(0, start, count), draws.LambdaOf(index));
        return Kept(batch) with { DropSeed = _seeds.Dropout(epoch, index), Indices = picked.MoveToOuterDisposeScope() };
    }

    /// <summary>Training images in their original form and an order of their own, again from the first after the last: for an initialization.</summary>
    /// <param name="index">Which draw, from 0.</param>
    /// <param name="count">Images of every draw, at least 1.</param>
    public ImageBatch Initial(int index, int count)
    {
        using var scope = NewDisposeScope();
        var order = _initialOrder ??= Permutation.Of(_train.Count, _seeds.InitializationData());
        var picked = tensor([.. Enumerable.Range(0, count).Select(i => (long)order[((long)index * count + i) % order.Length])], device: _train.Pixels.device);
        return Kept(new ImageBatch(Normalized(_train.Pixels.index_select(0, picked)), _train.Labels.index_select(0, picked)));
    }

    /// <summary>Training images in file order and their original form.</summary>
    /// <param name="start">First image.</param>
    /// <param name="count">Images, at most up to the end of the split.</param>
    public ImageBatch Original(int start, int count)
    {
        using var scope = NewDisposeScope();
        return Kept(new ImageBatch(Normalized(_train.Pixels.narrow(0, start, count)), _train.Labels.narrow(0, start, count)));
    }

    /// <summary>Test images as pixels in [0, 1], in file order.</summary>
    /// <param name="start">First image.</param>
    /// <param name="count">Images, at most up to the end of the split.</param>
    public Tensor TestPixels(int start, int count)
    {
        using var scope = NewDisposeScope();
        return _test.Pixels.narrow(0, start, count).to(_options.Precision).div_(255).MoveToOuterDisposeScope();
    }

    /// <summary>What the network is given of pixels in [0, 1]; can be differentiated.</summary>
    /// <param name="pixels">Images [N,C,H,W].</param>
    public Tensor Normalize(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return ((pixels * 255 - _mean) / _std).MoveToOuterDisposeScope();
    }

    /// <summary>One batch of the test split, in file order, without variation.</summary>
    /// <param name="start">First image.</param>
    /// <param name="count">Images, at most up to the end of the split.</param>
    public ImageBatch Test(int start, int count)
    {
        using var scope = NewDisposeScope();
        var images = Normalized(_test.Pixels.narrow(0, start, count)).MoveToOuterDisposeScope();
        return new ImageBatch(images, _test.Labels.narrow(0, start, count).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _draws?.Dispose();
        _train.Dispose();
        _test.Dispose();
        _mean.Dispose();
        _std.Dispose();
    }

    private EpochDraws DrawsOf(int epoch)
    {
        if (_draws?.Epoch == epoch) return _draws;
        _draws?.Dispose();
        return _draws = new EpochDraws(epoch, _train.Count, _options, _seeds, _train.Pixels.device);
    }

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
