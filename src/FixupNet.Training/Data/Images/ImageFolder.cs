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
public sealed record FolderFinding(string Path, string Message, bool IsError = true);

/// <summary>A folder with images as train/CLASS/* and val/CLASS/*: what is there, before any of it is decoded.</summary>
/// <remarks>
/// Classes are the folders of train in ordinal order of their names, files are in ordinal order of their paths, whatever the file system says.
/// Files that do not end in .jpg, .jpeg, .png, .webp, .gif or .bmp, in any case, and everything whose name begins with a dot, are passed over.
/// </remarks>
public sealed class ImageFolder : IImageCollection
{
    private static readonly string[] s_endings = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp"];

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
        if (!Directory.Exists(root)) throw new DirectoryNotFoundException($"{root} is not there; must be a folder with train/CLASS/* and val/CLASS/*.");
        var findings = new List<FolderFinding>();
        var (train, test) = (Classes(root, "train"), Classes(root, "val"));
        var names = train.Select(folder => Path.GetFileName(folder)).ToList();
        foreach (var same in names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
            findings.Add(new($"{root}/train/{same.First()}", $"differs from {string.Join(", ", same.Skip(1))} in upper and lower case alone: on other systems they are one class."));
        var indices = names.Index().ToDictionary(item => item.Item, item => item.Index, StringComparer.Ordinal);
        foreach (var missing in names.Except(test.Select(folder => Path.GetFileName(folder))))
            findings.Add(new($"{root}/val/{missing}", "is not there, though train has this class: no image of it is measured.", IsError: false));
        foreach (var unknown in test.Where(folder => !indices.ContainsKey(Path.GetFileName(folder))))
            findings.Add(new(unknown, $"is a class that train does not have{Near(Path.GetFileName(unknown), names)}."));
        return new ImageFolder(root, names, Files(root, train, indices, findings), Files(root, test, indices, findings), findings);
    }

    /// <summary>Decodes an image.</summary>
    /// <param name="file">One of <see cref="Train"/> or <see cref="Test"/>.</param>
    /// <exception cref="BadImageException">It cannot be decoded.</exception>
    public RgbImage Read(ImageFile file) => Decode(ImageFileReader.Read(Path.Combine(Root, file.Path)));

    /// <summary>Decodes an image's file, never more of them at once than there should be memory for.</summary>
    internal RgbImage Decode(byte[] encoded) => ImageDecoder.Decode(encoded, _decoding);

    private static List<string> Classes(string root, string split)
    {
        var folder = Path.Combine(root, split);
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{folder} is not there; {root} must hold train/CLASS/* and val/CLASS/*.");
        var classes = Directory.EnumerateDirectories(folder).Where(IsSeen).Order(StringComparer.Ordinal).ToList();
        return classes.Count > 0 ? classes : throw new DirectoryNotFoundException($"{folder} holds no folder of a class.");
    }

    private static List<ImageFile> Files(string root, IEnumerable<string> classes, Dictionary<string, int> indices, List<FolderFinding> findings)
    {
        var files = new List<ImageFile>();
        foreach (var folder in classes)
        {
            if (!indices.TryGetValue(Path.GetFileName(folder), out var label)) continue;
            var images = Directory.EnumerateFiles(folder).Where(IsSeen).Where(file => s_endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/')).Order(StringComparer.Ordinal).ToList();
            if (images.Count == 0) findings.Add(new(folder, "holds no image (.jpg, .jpeg, .png, .webp, .gif, .bmp)."));
            files.AddRange(images.Select(image => new ImageFile(image, label)));
        }
        return files;
    }

    private static bool IsSeen(string path) => !Path.GetFileName(path).StartsWith('.');

    private static string Near(string name, IEnumerable<string> names) =>
        names.FirstOrDefault(other => other.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } near ? $"; it has {near}, spelled otherwise" : "";

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
