using FixupNet.Randomness;
using FixupNet.Training.Data;

namespace FixupNet.Experiments.Studies;

/// <summary>Images by the source they are from, which is their label.</summary>
internal static class ImageSources
{
    private const string HalvesStream = "study-halves";
    private const string NoiseStream = "study-camera-noise";
    private const int MostSources = 256;

    // Of a pixel's 255 steps.
    private const double NoiseDeviation = 4;
    private const double Contrast = 0.9;
    private const double Middle = 128;

    private static readonly string[] s_cameras = ["as they are", "less contrast", "blurred", "noisy"];

    /// <summary>The sources that options name.</summary>
    /// <exception cref="StudyRefusedException">There are no images that cameras could see.</exception>
    /// <exception cref="FileNotFoundException">A file is not there.</exception>
    /// <exception cref="InvalidDataException">A file is not what it has to be.</exception>
    internal static ImageDataset Of(StudyTrial trial, NameThatDatasetOptions options)
    {
        var normalization = new ChannelNormalization(trial.Images.Dataset.ChannelMean, trial.Images.Dataset.ChannelStd);
        if (options.Train is not { } train)
        {
            if (options.Test is not null) throw new InvalidDataException($"test={options.Test} needs train=, the sources' images to learn from.");
            return new ImageDataset("sources", Seen(trial.Dataset.Train, trial.Seeds, number: 0), Seen(trial.Dataset.Test, trial.Seeds, number: 1), s_cameras, normalization);
        }
        var (learned, measured) = (Read(train), Read(options.Test ?? throw new InvalidDataException($"train={train} needs test=, other images of the same sources.")));
        var count = learned.Labels.Max() + 1;
        string[] names = options.Names?.Split(',', StringSplitOptions.TrimEntries) ?? [.. Enumerable.Range(1, count).Select(number => $"source {number}")];
        if (names.Length != count) throw new InvalidDataException($"names= has {names.Length} names, and {train} {count} sources.");
        if (count < 2) throw new InvalidDataException($"{train}: one source alone cannot be told from others.");
        if (measured.Labels.Max() >= count) throw new InvalidDataException($"{options.Test}: the source {measured.Labels.Max()} is not among the {count} of {train}.");
        return new ImageDataset("sources", learned, measured, names, normalization);
    }

    /// <summary>A share of the training images, as large of every source, the first ones.</summary>
    internal static ImageDataset Part(ImageDataset sources, double share)
    {
        var bySource = sources.Train.Labels.Index().GroupBy(item => item.Item, item => item.Index).Select(images => images.ToList());
        return sources.Subset([.. bySource.SelectMany(images => images.Take(Math.Max(1, (int)(share * images.Count)))).Order()]);
    }

    /// <summary>The first source alone, each image in one of two halves by chance.</summary>
    internal static ImageDataset Halves(ImageDataset sources, SeedPlan seeds)
    {
        var first = sources.OfClasses([0], renumbered: true);
        return new ImageDataset(
            "halves", Halved(first.Train, 0), Halved(first.Test, 1), ["first half", "second half"], new ChannelNormalization(sources.ChannelMean, sources.ChannelStd));

        ImageSet Halved(ImageSet split, int number)
        {
            var labels = new byte[split.Count];
            foreach (var (place, image) in Permutation.Of(split.Count, seeds.Stream(HalvesStream, 0, number)).Index()) labels[image] = (byte)(place % 2);
            return new ImageSet(split.Pixels, labels);
        }
    }

    // Every image through one of the cameras, in turn.
    private static ImageSet Seen(ImageSet split, SeedPlan seeds, int number)
    {
        var (pixels, labels) = ((byte[])split.Pixels.Clone(), new byte[split.Count]);
        for (var image = 0; image < split.Count; image++)
        {
            var camera = image % s_cameras.Length;
            labels[image] = (byte)camera;
            var seen = pixels.AsSpan(image * ImageSet.BytesPerImage, ImageSet.BytesPerImage);
            if (camera == 1) foreach (ref var value in seen) value = Byte(Middle + Contrast * (value - Middle));
            if (camera == 2) Blur(seen);
            if (camera != 3) continue;
            var noise = new CounterRandom(seeds.Stream(NoiseStream, number, image));
            foreach (ref var value in seen) value = Byte(value + NoiseDeviation * noise.NextGaussian());
        }
        return new ImageSet(pixels, labels);
    }

    // Each row by ¼, ½, ¼; its ends count twice.
    private static void Blur(Span<byte> image)
    {
        for (var row = 0; row < image.Length; row += ImageSet.Side)
        {
            var line = image.Slice(row, ImageSet.Side);
            var before = (int)line[0];
            for (var column = 0; column < line.Length; column++)
            {
                var here = (int)line[column];
                line[column] = Byte((before + 2 * here + line[Math.Min(column + 1, line.Length - 1)]) / 4.0);
                before = here;
            }
        }
    }

    private static byte Byte(double value) => (byte)Math.Clamp(Math.Round(value), byte.MinValue, byte.MaxValue);

    private static ImageSet Read(string path)
    {
        var set = SecondTestSet.Read(path, null, MostSources);
        using var pixels = set.Pixels;
        if (pixels.shape[2] != ImageSet.Side || pixels.shape[3] != ImageSet.Side) throw new InvalidDataException($"{path}: images are {ImageSet.Side}×{ImageSet.Side} here, not {pixels.shape[2]}×{pixels.shape[3]}.");
        return new ImageSet(pixels.data<byte>().ToArray(), [.. set.Labels.Select(label => (byte)label)]);
    }
}
