using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FixupNet.Training.Data;

/// <summary>Training and test images of one dataset, with what training has to know about them.</summary>
public sealed class ImageDataset
{
    private readonly Lazy<string> _digest;

    /// <summary>Joins two splits.</summary>
    /// <param name="name">The registry name of the dataset.</param>
    /// <param name="train">Images to train on.</param>
    /// <param name="test">Images to measure on.</param>
    /// <param name="classNames">Name of each class, by index.</param>
    /// <param name="normalization">Mean and deviation of each channel.</param>
    /// <exception cref="ArgumentException">A label has no class name.</exception>
    public ImageDataset(string name, ImageSet train, ImageSet test, IReadOnlyList<string> classNames, ChannelNormalization normalization)
    {
        var highest = Math.Max(train.Labels.Max(), test.Labels.Max());
        if (highest >= classNames.Count)
            throw new ArgumentException($"{name} has label {highest} but only {classNames.Count} class names.", nameof(classNames));
        (Name, Train, Test, ClassNames) = (name, train, test, classNames);
        (ChannelMean, ChannelStd) = (normalization.Mean, normalization.Std);
        _digest = new Lazy<string>(() => DigestOf(train, test));
    }

    /// <summary>The registry name of the dataset.</summary>
    public string Name { get; }

    /// <summary>Images to train on.</summary>
    public ImageSet Train { get; }

    /// <summary>Images to measure on.</summary>
    public ImageSet Test { get; }

    /// <summary>Name of each class, by index.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Mean of the red, green and blue values of the training images, as fractions of 255.</summary>
    public IReadOnlyList<double> ChannelMean { get; }

    /// <summary>Standard deviation of the red, green and blue values of the training images, as fractions of 255.</summary>
    public IReadOnlyList<double> ChannelStd { get; }

    /// <summary>SHA-256 in lower-case hex over counts, pixels and labels of both splits; computed on first use.</summary>
    public string Digest => _digest.Value;

    /// <summary>Paths of files it was read from of which neither the publisher nor a record says what they have to hold.</summary>
    public IReadOnlyList<string> UnknownFiles { get; init; } = [];

    private static string DigestOf(ImageSet train, ImageSet test)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> count = stackalloc byte[sizeof(int)];
        foreach (var split in (ImageSet[])[train, test])
        {
            // The count keeps an image that moves from one split to the other from going unnoticed.
            BinaryPrimitives.WriteInt32LittleEndian(count, split.Count);
            hash.AppendData(count);
            hash.AppendData(split.Pixels);
            hash.AppendData(split.Labels);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
