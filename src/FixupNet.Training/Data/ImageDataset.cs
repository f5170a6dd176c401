using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FixupNet.Training.Data;

/// <summary>A dataset whose training and test images are in memory, with what training has to know about them.</summary>
public sealed class ImageDataset : ImageData
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
        : base(name, classNames, normalization)
    {
        var highest = Math.Max(train.Labels.Max(), test.Labels.Max());
        if (highest >= classNames.Count)
            throw new ArgumentException($"{name} has label {highest} but only {classNames.Count} class names.", nameof(classNames));
        (Train, Test) = (train, test);
        _digest = new Lazy<string>(() => DigestOf(train, test));
    }

    /// <summary>Images to train on.</summary>
    public ImageSet Train { get; }

    /// <summary>Images to measure on.</summary>
    public ImageSet Test { get; }

    /// <inheritdoc/>
    public override ImageShape Shape => ImageShape.Cifar;

    /// <inheritdoc/>
    public override int TrainCount => Train.Count;

    /// <inheritdoc/>
    public override int TestCount => Test.Count;

    /// <summary>SHA-256 in lower-case hex over counts, pixels and labels of both splits; computed on first use.</summary>
    public override string Digest => _digest.Value;

    /// <summary>Paths of files it was read from of which neither the publisher nor a record says what they have to hold.</summary>
    public IReadOnlyList<string> UnknownFiles { get; init; } = [];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Warnings => UnknownFiles.Count == 0 ? [] :
    [
        $"{string.Join(", ", UnknownFiles)} are not the published files, and nothing is recorded of them, so that a change would not be noticed; "
            + $"\"fixupnet data verify {Name}\" records their sums",
    ];

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
