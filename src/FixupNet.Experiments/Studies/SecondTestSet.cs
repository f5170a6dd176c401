using FixupNet.Runs.Files;
using FixupNet.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Studies;

/// <summary>Images of a test set other than the one a network was measured on.</summary>
/// <param name="Pixels">Images [N,C,H,W], uint8.</param>
/// <param name="Labels">Their classes.</param>
internal sealed record SecondTestSet(Tensor Pixels, long[] Labels)
{
    // Of CIFAR's binary version: a label and three planes.
    private const int RecordBytes = 1 + ImageSet.BytesPerImage;
    private const int MaxBytes = 2_000_000_000;

    /// <summary>Reads a file of images, by the end of its name.</summary>
    /// <param name="images">A .npy [N,H,W,3] of uint8 as CIFAR-10.1 has them, or a .bin of CIFAR-10's records, which hold their labels.</param>
    /// <param name="labels">The labels of a .npy; null for the file named alike, "labels" in place of "data".</param>
    /// <param name="classCount">How many classes the network knows.</param>
    /// <exception cref="FileNotFoundException">A file is not there.</exception>
    /// <exception cref="InvalidDataException">A file is not what it has to be.</exception>
    public static SecondTestSet Read(string images, string? labels, int classCount)
    {
        var set = Path.GetExtension(images) switch
        {
            ".npy" => ReadNpy(images, labels ?? images.Replace("data", "labels", StringComparison.Ordinal)),
            ".bin" => ReadRecords(images),
            var other => throw new InvalidDataException($"{images}: a .npy of images [N,H,W,3] or a .bin of CIFAR-10's records is needed, not \"{other}\" (unpack .zst and .gz first)."),
        };
        var unknown = set.Labels.Where(label => label < 0 || label >= classCount).Cast<long?>().FirstOrDefault();
        return unknown is null ? set : throw new InvalidDataException($"{images}: the label {unknown} is none of the network's {classCount} classes.");
    }

    private static SecondTestSet ReadNpy(string images, string labels)
    {
        var pixels = NpyArray.Read(images);
        if (pixels is not { Type: "u1", Shape: [> 0 and var count, > 0, > 0, 3] }) throw new InvalidDataException($"{images}: images are uint8 [N,H,W,3], not {pixels.Type} [{string.Join(',', pixels.Shape)}].");
        var classes = NpyArray.Read(labels);
        if (classes.Shape is not [var labelCount] || labelCount != count) throw new InvalidDataException($"{labels}: [{string.Join(',', classes.Shape)}] labels for the {count} images of {images}.");
        return new SecondTestSet(tensor(pixels.Bytes.ToArray(), [.. pixels.Shape]).permute(0, 3, 1, 2).contiguous(), classes.Numbers());
    }

    private static SecondTestSet ReadRecords(string path)
    {
        var bytes = BoundedFile.Read(path, MaxBytes);
        if (bytes.Length == 0 || bytes.Length % RecordBytes != 0) throw new InvalidDataException($"{path}: {bytes.Length} bytes are no whole number of CIFAR-10's records of {RecordBytes}.");
        var (pixels, labels) = (new byte[bytes.Length / RecordBytes * ImageSet.BytesPerImage], new long[bytes.Length / RecordBytes]);
        for (var image = 0; image < labels.Length; image++)
        {
            var record = bytes.Span.Slice(image * RecordBytes, RecordBytes);
            labels[image] = record[0];
            record[1..].CopyTo(pixels.AsSpan(image * ImageSet.BytesPerImage));
        }
        return new SecondTestSet(tensor(pixels, [labels.Length, ImageSet.Channels, ImageSet.Side, ImageSet.Side]), labels);
    }
}
