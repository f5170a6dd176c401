namespace FixupNet.Training.Data.Images;

/// <summary>A folder of images, or what was packed of one, as a dataset: its files are listed, and read when they are needed.</summary>
public sealed class FolderDataset : ImageData
{
    /// <summary>Registry name.</summary>
    internal const string RegistryName = "image-folder";

    private const int BatchesAhead = 2;

    private readonly ImageFolderOptions _options;

    private FolderDataset(IImageCollection folder, ImageFolderOptions options) : base(RegistryName, folder.ClassNames, options.Normalization) =>
        (Folder, _options) = (folder, options);

    /// <summary>The folder, or the packed file.</summary>
    public IImageCollection Folder { get; }

    /// <inheritdoc/>
    public override ImageShape Shape => ShapeOf(_options);

    /// <inheritdoc/>
    public override int TrainCount => Folder.Train.Count;

    /// <inheritdoc/>
    public override int TestCount => Folder.Test.Count;

    /// <inheritdoc/>
    public override string Digest => Folder.Digest;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Warnings => [.. Folder.Findings.Where(finding => !finding.IsError).Select(finding => $"{finding.Path} {finding.Message.TrimEnd('.')}")];

    /// <summary>Lists a folder, once a run: of 1.3 million images that takes seconds.</summary>
    /// <param name="options">Where it is, and how its images are read.</param>
    /// <exception cref="DatasetMissingException">It is not there, or holds no splits.</exception>
    /// <exception cref="DatasetCorruptException">Training cannot begin with what it holds.</exception>
    public static FolderDataset Load(ImageFolderOptions options)
    {
        var folder = Read<IImageCollection>(options, ImageFolder.Scan, packed => packed);
        folder.RequireSound();
        return new FolderDataset(folder, options);
    }

    /// <summary>Names of the classes, by index.</summary>
    internal static IReadOnlyList<string> ClassNamesOf(ImageFolderOptions options) => Read(options, root => ClassFolders.Find(root).Names, packed => packed.ClassNames);

    /// <summary>The images that a network is given.</summary>
    internal static ImageShape ShapeOf(ImageFolderOptions options) => new(RgbImage.Channels, options.Size, options.Size);

    /// <summary>Looks whether training can begin, without listing the files.</summary>
    internal static void RequireFiles(ImageFolderOptions options) =>
        FolderFinding.RequireNoError(options.Root, Read(options, root => [.. ClassFolders.Find(root).Findings()], packed => ((IImageCollection)packed).Findings));

    /// <summary>How the images are read.</summary>
    /// <param name="batchSize">Images a batch.</param>
    /// <param name="crop">Whether training images are cropped at random; else they are shown as those to measure on.</param>
    /// <param name="flip">Whether half of the training images are mirrored.</param>
    internal FolderImageOptions ReadingOptions(int batchSize, bool crop, bool flip)
    {
        var view = new ImageView(_options.Size, _options.EvaluationSize, crop ? new CropAreas(_options.MinCropArea, _options.MaxCropArea) : null, flip, _options.Jitter);
        return new(view, batchSize, _options.OnBadImage, _options.Threads ?? Environment.ProcessorCount, BatchesAhead);
    }

    private static T Read<T>(ImageFolderOptions options, Func<string, T> ofFolder, Func<PackedImages, T> ofPacked)
    {
        try
        {
            return File.Exists(options.Root) ? ofPacked(PackedImages.Open(options.Root)) : ofFolder(options.Root);
        }
        catch (DirectoryNotFoundException error)
        {
            throw new DatasetMissingException(options.Root, error);
        }
    }
}
