using System.Collections.Concurrent;
using FixupNet.Randomness;

namespace FixupNet.Training.Data.Images;

/// <summary>What is done with an image of a folder that cannot be decoded.</summary>
public enum BadImageRule
{
    /// <summary>Training ends with an error that names it.</summary>
    Stop,

    /// <summary>It is left out of its batch, named and counted.</summary>
    Skip,
}

/// <summary>How the images of a folder are read.</summary>
/// <param name="View">How they become images of one size.</param>
/// <param name="BatchSize">Images a batch; the last batch of an epoch may be smaller.</param>
/// <param name="OnBadImage">What is done with an image that cannot be decoded.</param>
/// <param name="Threads">Threads that decode, at least 1; what they make does not depend on it.</param>
/// <param name="BatchesAhead">Batches that are made before they are asked for.</param>
public sealed record FolderImageOptions(ImageView View, int BatchSize, BadImageRule OnBadImage = BadImageRule.Stop, int Threads = 2, int BatchesAhead = 2);

/// <summary>Some images of a folder, as the network is given them but for the normalization.</summary>
/// <param name="Pixels">[N,3,S,S], a byte a value.</param>
/// <param name="Labels">Class indices [N].</param>
/// <param name="Indices">Which image of the split each one is [N].</param>
public sealed record PixelBatch(byte[] Pixels, long[] Labels, long[] Indices);

/// <summary>Reads the images of a folder while a network trains: order and crops are pure functions of seed, epoch and position.</summary>
/// <param name="folder">The folder.</param>
/// <param name="options">How they are read.</param>
/// <param name="seeds">The run's random streams.</param>
public sealed class FolderImages(IImageCollection folder, FolderImageOptions options, SeedPlan seeds) : IDisposable
{
    private readonly ConcurrentDictionary<string, string> _skipped = [];
    private readonly Lock _orderLock = new();
    private ReadAhead<(int Epoch, int Index), PixelBatch>? _training;
    private ReadAhead<(int Start, int Count), PixelBatch>? _test;
    private (int Epoch, int[] Order)? _order;

    /// <summary>Steps of an epoch.</summary>
    public int BatchesPerEpoch => (folder.Train.Count + options.BatchSize - 1) / options.BatchSize;

    /// <summary>How long training has waited for images.</summary>
    public TimeSpan Waited => _training?.Waited ?? TimeSpan.Zero;

    /// <summary>Images that were left out so far: paths, and what is wrong with each.</summary>
    public IReadOnlyDictionary<string, string> Skipped => _skipped;

    /// <summary>A training batch.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="index">Batch within the epoch, from 0.</param>
    /// <exception cref="DatasetCorruptException">An image cannot be decoded and may not be left out, or none of the batch can.</exception>
    public PixelBatch Training(int epoch, int index)
    {
        _training ??= new(
            (key, cancellation) => Make(TrainingPlaces(key.Epoch, key.Index), cancellation),
            key => key.Index + 1 < BatchesPerEpoch ? (key.Epoch, key.Index + 1) : (key.Epoch + 1, 0),
            options.BatchesAhead);
        return _training.Get((epoch, index));
    }

    /// <summary>Images of the test split in order, each by its centre.</summary>
    /// <param name="start">First image.</param>
    /// <param name="count">Images, at most up to the end of the split.</param>
    /// <exception cref="DatasetCorruptException">As for <see cref="Training"/>.</exception>
    public PixelBatch Test(int start, int count)
    {
        _test ??= new(
            (key, cancellation) => Make([.. Enumerable.Range(key.Start, key.Count).Select(i => new Place(folder.Test[i], i, null))], cancellation),
            key => key.Start + key.Count < folder.Test.Count ? (key.Start + key.Count, Math.Min(key.Count, folder.Test.Count - key.Start - key.Count)) : null,
            options.BatchesAhead);
        return _test.Get((start, count));
    }

    /// <summary>Images of the training split, each by its centre, as they are measured.</summary>
    /// <param name="indices">Which ones.</param>
    /// <exception cref="DatasetCorruptException">As for <see cref="Training"/>.</exception>
    public PixelBatch Originals(IEnumerable<int> indices) => Make([.. indices.Select(i => new Place(folder.Train[i], i, null))], default);

    /// <inheritdoc/>
    public void Dispose()
    {
        _training?.Dispose();
        _test?.Dispose();
    }

    // The seed of an image that is varied; null of one that is shown as it is.
    private readonly record struct Place(ImageFile File, int Index, ulong? Seed);

    private Place[] TrainingPlaces(int epoch, int index)
    {
        var order = OrderOf(epoch);
        var start = index * options.BatchSize;
        return [.. Enumerable.Range(start, Math.Min(options.BatchSize, order.Length - start))
            .Select(position => new Place(folder.Train[order[position]], order[position], seeds.Augmentation(epoch, position)))];
    }

    private int[] OrderOf(int epoch)
    {
        lock (_orderLock)
        {
            if (_order is { } known && known.Epoch == epoch) return known.Order;
            var order = Permutation.Of(folder.Train.Count, seeds.DataOrder(epoch));
            _order = (epoch, order);
            return order;
        }
    }

    private PixelBatch Make(Place[] places, CancellationToken cancellation)
    {
        var size = options.View.ByteCount;
        var pixels = GC.AllocateUninitializedArray<byte>(places.Length * size);
        var problems = new string?[places.Length];
        Parallel.For(0, places.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation }, i =>
            problems[i] = ProblemOf(places[i], pixels.AsSpan(i * size, size)));
        var kept = Enumerable.Range(0, places.Length).Where(i => problems[i] is null).ToArray();
        if (kept.Length == places.Length) return new PixelBatch(pixels, [.. places.Select(place => (long)place.File.Label)], [.. places.Select(place => (long)place.Index)]);

        var bad = Array.FindIndex(problems, problem => problem is not null);
        if (options.OnBadImage == BadImageRule.Stop) throw Corrupt(places[bad].File, problems[bad]!);
        if (kept.Length == 0) throw Corrupt(places[0].File, $"{problems[0]}, as is every other image of its batch");
        foreach (var (place, problem) in places.Zip(problems))
            if (problem is not null) _skipped.TryAdd(place.File.Path, problem);
        var rest = new byte[kept.Length * size];
        foreach (var (to, from) in kept.Index()) pixels.AsSpan(from * size, size).CopyTo(rest.AsSpan(to * size));
        return new PixelBatch(rest, [.. kept.Select(i => (long)places[i].File.Label)], [.. kept.Select(i => (long)places[i].Index)]);
    }

    // What is wrong with an image; null where it was shown.
    private string? ProblemOf(Place place, Span<byte> planes)
    {
        try
        {
            var image = folder.Read(place.File);
            if (place.Seed is { } seed) options.View.Training(image, seed, planes);
            else options.View.Evaluation(image, planes);
            return null;
        }
        catch (BadImageException bad)
        {
            return bad.Message;
        }
    }

    private DatasetCorruptException Corrupt(ImageFile file, string reason) => new(
        Path.Combine(folder.Root, file.Path), $"an image that {reason}", "an image that can be decoded",
        note: $"\"fixupnet data verify {folder.Root}\" tells all that is wrong; with dataset.onBadImage=skip such images are left out.");
}
