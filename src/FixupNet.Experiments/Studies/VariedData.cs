using FixupNet.Training.Data;

namespace FixupNet.Experiments.Studies;

/// <summary>Datasets made of another one.</summary>
internal static class VariedData
{
    /// <summary>The same images with other labels to train on; the labels of the test split stay.</summary>
    internal static ImageDataset WithLabels(this ImageDataset data, byte[] labels) => Of(data, new ImageSet(data.Train.Pixels, labels), data.Test, data.ClassNames);

    /// <summary>Some of the training images; all test images.</summary>
    internal static ImageDataset Subset(this ImageDataset data, IReadOnlyList<int> images) => Of(data, Some(data.Train, images), data.Test, data.ClassNames);

    /// <summary>The images of some classes, of both splits.</summary>
    /// <param name="data">The images.</param>
    /// <param name="classes">The classes.</param>
    /// <param name="renumbered">Whether a label becomes the place of its class among <paramref name="classes"/>; else all classes keep their outputs.</param>
    internal static ImageDataset OfClasses(this ImageDataset data, IReadOnlyList<int> classes, bool renumbered)
    {
        return Of(data, OfSplit(data.Train), OfSplit(data.Test), renumbered ? [.. classes.Select(label => data.ClassNames[label])] : data.ClassNames);

        ImageSet OfSplit(ImageSet split)
        {
            var some = Some(split, [.. Enumerable.Range(0, split.Count).Where(i => classes.Contains(split.Labels[i]))]);
            return renumbered ? new ImageSet(some.Pixels, Array.ConvertAll(some.Labels, label => (byte)classes.IndexOf(label))) : some;
        }
    }

    /// <summary>The training images of one dataset after those of another; the test images of the first.</summary>
    internal static ImageDataset And(this ImageDataset data, ImageDataset other) =>
        Of(data, new ImageSet([.. data.Train.Pixels, .. other.Train.Pixels], [.. data.Train.Labels, .. other.Train.Labels]), data.Test, data.ClassNames);

    private static int IndexOf(this IReadOnlyList<int> classes, int label) => classes.Index().First(item => item.Item == label).Index;

    private static ImageSet Some(ImageSet split, IReadOnlyList<int> images)
    {
        var pixels = new byte[images.Count * ImageSet.BytesPerImage];
        foreach (var (to, from) in images.Index())
            split.Pixels.AsSpan(from * ImageSet.BytesPerImage, ImageSet.BytesPerImage).CopyTo(pixels.AsSpan(to * ImageSet.BytesPerImage));
        return new ImageSet(pixels, [.. images.Select(image => split.Labels[image])]);
    }

    private static ImageDataset Of(ImageDataset data, ImageSet train, ImageSet test, IReadOnlyList<string> classNames) =>
        new(data.Name, train, test, classNames, new ChannelNormalization(data.ChannelMean, data.ChannelStd));
}
