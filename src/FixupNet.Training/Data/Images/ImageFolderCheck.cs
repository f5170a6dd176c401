using System.Collections.Concurrent;

namespace FixupNet.Training.Data.Images;

/// <summary>Opens and decodes every image of a folder, as "data verify" does.</summary>
public static class ImageFolderCheck
{
    /// <summary>Finds what training would stop at, and what is worth knowing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellation">Ends the search early.</param>
    /// <returns>What is wrong with the folders, then with files in ordinal order of their paths.</returns>
    public static IReadOnlyList<FolderFinding> Run(IImageCollection folder, CancellationToken cancellation = default)
    {
        var found = new ConcurrentBag<FolderFinding>();
        Parallel.ForEach(folder.Train.Concat(folder.Test), new ParallelOptions { CancellationToken = cancellation }, file =>
        {
            if (FindingOf(folder, file) is { } finding) found.Add(finding);
        });
        return [.. folder.Findings, .. found.OrderBy(finding => finding.Path, StringComparer.Ordinal)];
    }

    private static FolderFinding? FindingOf(IImageCollection images, ImageFile file)
    {
        var path = Path.Combine(images.Root, file.Path);
        try
        {
            if (images is not ImageFolder folder)
            {
                images.Read(file);
                return null;
            }
            var encoded = ImageFileReader.Read(path);
            var header = ImageDecoder.ReadHeader(encoded);
            folder.Decode(encoded);
            List<string> remarks = [];
            if (header.FrameCount > 1) remarks.Add($"is animated: the first of its {header.FrameCount} pictures is used");
            if (header.IsTurned) remarks.Add("is turned by its EXIF data, which are not followed");
            if (header.Colors == StoredColors.Cmyk) remarks.Add("is stored in inks (CMYK), whose colours differ between programs");
            if (header.Colors == StoredColors.Deep) remarks.Add("has 16 bits a value, of which the upper 8 are used");
            if (header.Colors == StoredColors.Grey) remarks.Add("is grey");
            if (Math.Min(header.Width, header.Height) < 8) remarks.Add($"is {header.Width}×{header.Height} pixels small");
            return remarks.Count == 0 ? null : new FolderFinding(path, string.Join(", ", remarks) + ".", IsError: false);
        }
        catch (BadImageException bad)
        {
            return new FolderFinding(path, bad.Message + ".");
        }
    }
}
