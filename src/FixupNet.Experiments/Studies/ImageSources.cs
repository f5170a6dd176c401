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

    /// <summary>The sources that options name, each image labelled by its source.</summary>
    /// <exception cref="StudyRefusedException">There are no images that cameras could see.</exception>
    /// <exception cref="FileNotFoundException">A file is not there.</exception>
    /// <exception cref="InvalidDataException">A file is not what it has to be.</exception>
    internal static ImageDataset Of(StudyTrial trial, NameThatDatasetOptions options)
    {
        if (FilesOf(options) is not { } files)
            return new ImageDataset("sources", Seen(trial.Dataset.Train, trial.Seeds, number: 0), Seen(trial.Dataset.Test, trial.Seeds, number: 1), s_cameras, NormalizationOf(trial));
        if (files.Count > 1)
        {
            var sources = files.Select(file => Read(trial, file)).ToList();
            return new ImageDataset("sources", Joined([.. sources.Select(source => source.Train)]), Joined([.. sources.Select(source => source.Test)]), NamesOf(options, files.Count), NormalizationOf(trial));
        }
        var (train, test) = files[0];
        var (learned, measured) = (Read(train, MostSources), Read(test, MostSources));
        var count = learned.Labels.Max() + 1;
        if (count < 2) throw new InvalidDataException($"{train}: one source alone cannot be told from others.");
        if (measured.Labels.Max() >= count) throw new InvalidDataException($"{test}: the source {measured.Labels.Max()} is not among the {count} of {train}.");
        return new ImageDataset("sources", learned, measured, NamesOf(options, count), NormalizationOf(trial));
    }

    /// <summary>The sources that options name, each image labelled by its class: as many training images of each, of the classes that all of them have. Every camera sees every image.</summary>
    /// <exception cref="StudyRefusedException">There are no images that cameras could see, or classes are not known.</exception>
    /// <exception cref="InvalidDataException">A file is not what it has to be, or fewer than two classes are in all of them.</exception>
    internal static IReadOnlyList<ImageDataset> ByClass(StudyTrial trial, NameThatDatasetOptions options)
    {
        var classNames = trial.Images.Dataset.ClassNames;
        if (FilesOf(options) is not { } files)
        {
            return [.. s_cameras.Select((name, camera) => new ImageDataset(
                name, Seen(trial.Dataset.Train, trial.Seeds, number: 0, camera), Seen(trial.Dataset.Test, trial.Seeds, number: 1, camera), classNames, NormalizationOf(trial)))];
        }
        if (files.Count == 1) throw new StudyRefusedException("cross", $"is true, and the labels of {options.Train} are sources; must be false, or train= and test= must name a file a source, whose labels are classes.");
        var names = NamesOf(options, files.Count);
        var sources = files.Select(file => Read(trial, file)).ToList();
        List<int> shared = [.. Enumerable.Range(0, classNames.Count).Where(label => sources.All(source => source.Train.Labels.Contains((byte)label) && source.Test.Labels.Contains((byte)label)))];
        if (shared.Count < 2) throw new InvalidDataException($"train={options.Train} and test={options.Test} share {shared.Count} classes; two at least can be told apart.");
        List<ImageDataset> all = [.. sources.Select((source, index) => new ImageDataset(names[index], source.Train, source.Test, classNames, NormalizationOf(trial)).OfClasses(shared, renumbered: true))];
        var count = all.Min(source => source.TrainCount);
        return [.. all.Select(source => source.Subset([.. Enumerable.Range(0, count)]))];
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

    // Every image through one camera, its class the label; without one through each in turn, the camera the label.
    private static ImageSet Seen(ImageSet split, SeedPlan seeds, int number, int? one = null)
    {
        var (pixels, labels) = ((byte[])split.Pixels.Clone(), (byte[])split.Labels.Clone());
        for (var image = 0; image < split.Count; image++)
        {
            var camera = one ?? image % s_cameras.Length;
            if (one is null) labels[image] = (byte)camera;
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

    // A file to learn from with the one to measure on; null where cameras are asked for.
    private static List<(string Train, string Test)>? FilesOf(NameThatDatasetOptions options)
    {
        string[] train = Split(options.Train), test = Split(options.Test);
        if (train.Length == 0 && test.Length == 0) return null;
        if (test.Length == 0) throw new InvalidDataException($"train={options.Train} needs test=, other images of the same sources.");
        if (train.Length == 0) throw new InvalidDataException($"test={options.Test} needs train=, the sources' images to learn from.");
        if (train.Length != test.Length) throw new InvalidDataException($"train= names {train.Length} files and test= {test.Length}; a source needs one of either.");
        return [.. train.Zip(test)];
    }

    private static string[] Split(string? list) => list?.Split(',', StringSplitOptions.TrimEntries) ?? [];

    private static IReadOnlyList<string> NamesOf(NameThatDatasetOptions options, int count)
    {
        var names = options.Names is null ? [.. Enumerable.Range(1, count).Select(number => $"source {number}")] : Split(options.Names);
        return names.Length == count ? names : throw new InvalidDataException($"names= has {names.Length} names, and {options.Train} {count} sources.");
    }

    private static ChannelNormalization NormalizationOf(StudyTrial trial) => new(trial.Images.Dataset.ChannelMean, trial.Images.Dataset.ChannelStd);

    private static ImageSet Joined(IReadOnlyList<ImageSet> sources) =>
        new([.. sources.SelectMany(source => source.Pixels)], [.. sources.SelectMany((source, index) => Enumerable.Repeat((byte)index, source.Count))]);

    private static (ImageSet Train, ImageSet Test) Read(StudyTrial trial, (string Train, string Test) files)
    {
        var count = trial.Images.Dataset.ClassNames.Count;
        return (Read(files.Train, count), Read(files.Test, count));
    }

    private static ImageSet Read(string path, int labelCount)
    {
        var set = SecondTestSet.Read(path, null, labelCount);
        using var pixels = set.Pixels;
        if (pixels.shape[2] != ImageSet.Side || pixels.shape[3] != ImageSet.Side) throw new InvalidDataException($"{path}: images are {ImageSet.Side}×{ImageSet.Side} here, not {pixels.shape[2]}×{pixels.shape[3]}.");
        return new ImageSet(pixels.data<byte>().ToArray(), [.. set.Labels.Select(label => (byte)label)]);
    }
}
