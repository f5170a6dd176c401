using System.Security.Cryptography;

namespace FixupNet.Training.Data.Images;

/// <summary>Packs a folder's images into one file.</summary>
/// <param name="folder">The folder.</param>
/// <param name="size">What the shorter side is brought down to; smaller images stay as they are.</param>
/// <param name="onBadImage">What is done with an image that cannot be decoded.</param>
public sealed class ImagePacker(IImageCollection folder, int size, BadImageRule onBadImage)
{
    // Decoded at once, then written in order: few, for each may be large.
    private const int ImagesAtOnce = 16;

    private readonly List<FolderFinding> _leftOut = [];

    /// <summary>Images that were left out, and what is wrong with each.</summary>
    public IReadOnlyList<FolderFinding> LeftOut => _leftOut;

    /// <summary>Writes the file.</summary>
    /// <param name="output">Where to; nothing but this is known of it.</param>
    /// <param name="cancellation">Gives up between images.</param>
    /// <returns>Images written.</returns>
    /// <exception cref="DatasetCorruptException">An image cannot be decoded and may not be left out, or no image is left of a split.</exception>
    public int Write(Stream output, CancellationToken cancellation = default)
    {
        output.Write(PackedImages.Mark);
        long offset = PackedImages.Mark.Length;
        List<PackedImages.Packed>[] splits = [[], []];
        foreach (var (split, files) in ((IReadOnlyList<ImageFile>[])[folder.Train, folder.Test]).Index())
        {
            foreach (var part in files.Chunk(ImagesAtOnce))
            {
                var images = new RgbImage?[part.Length];
                var problems = new string?[part.Length];
                Parallel.For(0, part.Length, new ParallelOptions { CancellationToken = cancellation }, i => (images[i], problems[i]) = Read(part[i]));
                foreach (var (i, file) in part.Index())
                {
                    if (images[i] is not { } image)
                    {
                        LeaveOut(file, problems[i]!);
                        continue;
                    }
                    splits[split].Add(new(file.Path, file.Label, image.Width, image.Height, offset, PackedImages.SumOf(image.Pixels)));
                    output.Write(image.Pixels);
                    offset += image.Pixels.Length;
                }
            }
            if (splits[split].Count == 0) throw new DatasetCorruptException(folder.Root, $"no image of {(split == 0 ? "train" : "val")} that can be decoded", "one at least");
        }
        WriteTable(output, splits);
        return splits.Sum(images => images.Count);
    }

    private void WriteTable(Stream output, List<PackedImages.Packed>[] splits)
    {
        using var memory = new MemoryStream();
        using var table = new BinaryWriter(memory);
        table.Write(folder.ClassNames.Count);
        foreach (var name in folder.ClassNames) table.Write(name);
        foreach (var images in splits) table.Write(images.Count);
        foreach (var image in splits.SelectMany(images => images)) image.Write(table);
        table.Flush();
        var bytes = memory.GetBuffer().AsSpan(0, (int)memory.Length);
        output.Write(bytes);
        output.Write(BitConverter.GetBytes((long)bytes.Length));
        output.Write(SHA256.HashData(bytes));
        output.Write(PackedImages.Mark);
    }

    private (RgbImage? Image, string? Problem) Read(ImageFile file)
    {
        try
        {
            var image = folder.Read(file);
            if (Math.Min(image.Width, image.Height) <= size) return (image, null);
            var (width, height) = CropDraws.Resized(image.Width, image.Height, size);
            return (BilinearResize.Run(image, width, height), null);
        }
        catch (BadImageException bad)
        {
            return (null, bad.Message);
        }
    }

    private void LeaveOut(ImageFile file, string problem)
    {
        var path = Path.Combine(folder.Root, file.Path);
        if (onBadImage == BadImageRule.Stop)
            throw new DatasetCorruptException(path, $"an image that {problem}", "an image that can be decoded", note: $"\"fixupnet data verify {folder.Root}\" tells all that is wrong; --on-bad-image skip leaves them out.");
        _leftOut.Add(new(path, problem + "."));
    }
}
