using FixupNet.Augmentation;
using FixupNet.Randomness;
using FixupNet.Training.Augmentation;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tasks;

/// <summary>What is random about the batches of an epoch beside their images, on the device.</summary>
/// <remarks>
/// It goes there at once because a copy from the host's memory first waits for everything that the device has queued: with one in each batch,
/// no step could be queued behind another.
/// </remarks>
internal sealed class EpochDraws : IDisposable
{
    private readonly double[] _lambdas;

    /// <summary>Draws an epoch.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="images">Images in the training split, their height and width.</param>
    /// <param name="options">How batches are made.</param>
    /// <param name="seeds">The run's random streams.</param>
    /// <param name="device">Where batches are made.</param>
    internal EpochDraws(int epoch, (int Count, int Side) images, BatchOptions options, SeedPlan seeds, Device device)
    {
        Epoch = epoch;
        using var scope = NewDisposeScope();
        Tensor OnDevice(Tensor drawn) => drawn.to(device).DetachFromDisposeScope();
        var erasing = new Erasing(options.Cutout, options.RandomErasing, images.Side);
        if (erasing.IsActive) Erased = OnDevice(erasing.Draw(images.Count, position => seeds.Cutout(epoch, position), position => seeds.RandomErasing(epoch, position)));
        var mixed = options.MixupAlpha > 0 ? Mixed(epoch, images.Count, options, seeds) : [];
        _lambdas = [.. mixed.Select(draw => draw.Lambda)];
        if (mixed.Count > 0) Partners = OnDevice(tensor([.. mixed.SelectMany(draw => draw.Partners).Select(partner => (long)partner)]));
    }

    /// <summary>The epoch.</summary>
    internal int Epoch { get; }

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
