using FixupNet.Augmentation;
using FixupNet.Randomness;
using FixupNet.Training.Augmentation;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tasks;

/// <summary>All that is random about the batches of an epoch, on the device.</summary>
/// <remarks>
/// It goes there at once because a copy from the host's memory first waits for everything that the device has queued: with one in each batch,
/// no step could be queued behind another.
/// </remarks>
internal sealed class EpochDraws : IDisposable
{
    private readonly double[] _lambdas;

    /// <summary>Draws an epoch.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="count">Images in the training split.</param>
    /// <param name="options">How batches are made.</param>
    /// <param name="seeds">The run's random streams.</param>
    /// <param name="device">Where batches are made.</param>
    internal EpochDraws(int epoch, int count, BatchOptions options, SeedPlan seeds, Device device)
    {
        Epoch = epoch;
        using var scope = NewDisposeScope();
        Tensor OnDevice(Tensor drawn) => drawn.to(device).DetachFromDisposeScope();
        Order = OnDevice(tensor(Array.ConvertAll(Permutation.Of(count, seeds.DataOrder(epoch)), index => (long)index)));
        var variation = new CropAndFlip(options.Crop, options.Flip);
        if (variation.IsActive)
            Variations = OnDevice(variation.Draw([.. Enumerable.Range(0, count).Select(position => seeds.Augmentation(epoch, position))]));
        var erasing = new Erasing(options.Cutout, options.RandomErasing);
        if (erasing.IsActive) Erased = OnDevice(erasing.Draw(count, position => seeds.Cutout(epoch, position), position => seeds.RandomErasing(epoch, position)));
        var mixed = options.MixupAlpha > 0 ? Mixed(epoch, count, options, seeds) : [];
        _lambdas = [.. mixed.Select(draw => draw.Lambda)];
        if (mixed.Count > 0) Partners = OnDevice(tensor([.. mixed.SelectMany(draw => draw.Partners).Select(partner => (long)partner)]));
    }

    /// <summary>The epoch.</summary>
    internal int Epoch { get; }

    /// <summary>Which image is at each position [N], int64.</summary>
    internal Tensor Order { get; }

    /// <summary>How the image at each position is varied, as <see cref="CropAndFlip.Draw"/> tells it; null where it is not.</summary>
    internal Tensor? Variations { get; }

    /// <summary>What is erased of the image at each position, as <see cref="Erasing.Draw"/> tells it; null where nothing is.</summary>
    internal Tensor? Erased { get; }

    /// <summary>With whom the image at each position is mixed [N], int64, as a position within its batch; null without mixup.</summary>
    internal Tensor? Partners { get; }

    /// <summary>λ of a batch; with mixup only.</summary>
    /// <param name="index">Batch within the epoch, from 0.</param>
    internal double LambdaOf(int index) => _lambdas[index];

    /// <inheritdoc/>
    public void Dispose()
    {
        Order.Dispose();
        Variations?.Dispose();
        Erased?.Dispose();
        Partners?.Dispose();
    }

    private static List<MixupDraw> Mixed(int epoch, int count, BatchOptions options, SeedPlan seeds)
    {
        var mixup = new Mixup(options.MixupAlpha);
        var draws = new List<MixupDraw>();
        for (var start = 0; start < count; start += options.BatchSize)
            draws.Add(mixup.Draw(Math.Min(options.BatchSize, count - start), seeds.Mixup(epoch, draws.Count)));
        return draws;
    }
}
