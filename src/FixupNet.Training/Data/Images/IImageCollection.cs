namespace FixupNet.Training.Data.Images;

/// <summary>Images of two splits that are read one by one: of a folder, or of a packed file.</summary>
public interface IImageCollection
{
    /// <summary>The folder or file.</summary>
    string Root { get; }

    /// <summary>Names of the classes, by index.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>Images to train on.</summary>
    IReadOnlyList<ImageFile> Train { get; }

    /// <summary>Images to measure on.</summary>
    IReadOnlyList<ImageFile> Test { get; }

    /// <summary>What is wrong, as far as no image need be looked at.</summary>
    IReadOnlyList<FolderFinding> Findings => [];

    /// <summary>SHA-256 in lower-case hex over what tells these images from others.</summary>
    string Digest { get; }

    /// <summary>Reads an image; from any thread.</summary>
    /// <param name="file">One of <see cref="Train"/> or <see cref="Test"/>.</param>
    /// <exception cref="BadImageException">It cannot be read.</exception>
    RgbImage Read(ImageFile file);

    /// <summary>Requires that training can begin.</summary>
    /// <exception cref="DatasetCorruptException">It cannot; the message names the first thing that is wrong and counts the others.</exception>
    void RequireSound() => FolderFinding.RequireNoError(Root, Findings);
}
