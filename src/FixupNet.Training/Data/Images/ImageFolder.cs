using System.Security.Cryptography;
using System.Text;

namespace FixupNet.Training.Data.Images;

/// <summary>One image of a folder or a packed file.</summary>
/// <param name="Path">Its path within the folder, parts divided by "/".</param>
/// <param name="Label">Index of its class.</param>
public record ImageFile(string Path, int Label);

/// <summary>What is wrong with a folder of images, or with a file of it.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Message">What is wrong, to follow the path.</param>
/// <param name="IsError">Whether training stops at it; otherwise something worth knowing.</param>
public sealed record FolderFinding(string Path, string Message, bool IsError = true)
{
    /// <summary>Requires that no finding is an error.</summary>
    /// <param name="root">The folder that was looked at.</param>
    /// <param name="findings">What was found.</param>
    /// <exception cref="DatasetCorruptException">One is; the message names the first and counts the others.</exception>
    internal static void RequireNoError(string root, IEnumerable<FolderFinding> findings)
    {
        var errors = findings.Where(finding => finding.IsError).ToList();
        if (errors.Count == 0) return;
        var more = errors.Count > 1 ? $" {errors.Count - 1} more: fixupnet data verify {root} tells all." : null;
        throw new DatasetCorruptException(errors[0].Path, errors[0].Message.TrimEnd('.'), "train/CLASS/* and val/CLASS/* with the same classes", note: more);
    }
}

/// <summary>A folder with images as train/CLASS/* and val/CLASS/*: what is there, before any of it is decoded.</summary>
/// <remarks>
/// Classes are the folders of train in ordinal order of their names, files are in ordinal order of their paths, whatever the file system says.
/// Files that do not end in .jpg, .jpeg, .png, .webp, .gif or .bmp, in any case, and everything whose name begins with a dot, are passed over.
/// </remarks>
public sealed class ImageFolder : IImageCollection
{
    private readonly Lazy<string> _digest;
    private readonly PixelBudget _decoding = new(ImageDecoder.MaxPixels);

    private ImageFolder(string root, IReadOnlyList<string> classNames, IReadOnlyList<ImageFile> train, IReadOnlyList<ImageFile> test, IReadOnlyList<FolderFinding> findings)
    {
        (Root, ClassNames, Train, Test, Findings) = (root, classNames, train, test, findings);
        _digest = new Lazy<string>(Hash);
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>Names of the classes, by index.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Images to train on.</summary>
    public IReadOnlyList<ImageFile> Train { get; }

    /// <summary>Images to measure on.</summary>
    public IReadOnlyList<ImageFile> Test { get; }

    /// <summary>What is wrong with the folders: no file has been opened for it.</summary>
    public IReadOnlyList<FolderFinding> Findings { get; }

    /// <summary>SHA-256 in lower-case hex over paths and lengths of all files; computed on first use. What they hold is not read for it.</summary>
    public string Digest => _digest.Value;

    /// <summary>Lists a folder.</summary>
    /// <param name="root">The folder that holds train and val.</param>
    /// <exception cref="DirectoryNotFoundException">It is not there, or holds no train or no val.</exception>
    public static ImageFolder Scan(string root)
    {
        var classes = ClassFolders.Find(root);
        return new ImageFolder(root, classes.Names, Files(classes.Train, "train", classes.Names), Files(classes.Test, "val", classes.Names), [.. classes.Findings()]);
    }

    /// <summary>Decodes an image.</summary>
    /// <param name="file">One of <see cref="Train"/> or <see cref="Test"/>.</param>
    /// <exception cref="BadImageException">It cannot be decoded.</exception>
    public RgbImage Read(ImageFile file) => Decode(ImageFileReader.Read(Path.Combine(Root, file.Path)));

    /// <summary>Decodes an image's file, never more of them at once than there should be memory for.</summary>
    internal RgbImage Decode(byte[] encoded) => ImageDecoder.Decode(encoded, _decoding);

    // Of a class that train does not have, no file is listed.
    private static List<ImageFile> Files(IReadOnlyList<string> folders, string split, IReadOnlyList<string> classNames)
    {
        var labels = classNames.Index().ToDictionary(item => item.Item, item => item.Index, StringComparer.Ordinal);
        var files = new List<ImageFile>();
        foreach (var folder in folders)
        {
            var name = Path.GetFileName(folder);
            if (labels.TryGetValue(name, out var label))
                files.AddRange(ClassFolders.ImagesIn(folder).Order(StringComparer.Ordinal).Select(image => new ImageFile($"{split}/{name}/{image}", label)));
        }
        return files;
    }

    private string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var split in (IReadOnlyList<ImageFile>[])[Train, Test])
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{split.Count}\n"));
            foreach (var file in split) hash.AppendData(Encoding.UTF8.GetBytes($"{file.Path}\0{LengthOf(file)}\n"));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // A link to nothing is listed as a file.
    private long LengthOf(ImageFile file) => new FileInfo(Path.Combine(Root, file.Path)) is { Exists: true } there ? there.Length : -1;
}
