namespace FixupNet.Training.Data;

/// <summary>A dataset of images, in memory or on disk: what training has to know of it before it sees a pixel.</summary>
public abstract class ImageData
{
    private protected ImageData(string name, IReadOnlyList<string> classNames, ChannelNormalization normalization) =>
        (Name, ClassNames, ChannelMean, ChannelStd) = (name, classNames, normalization.Mean, normalization.Std);

    /// <summary>The registry name of the dataset.</summary>
    public string Name { get; }

    /// <summary>Name of each class, by index.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Mean of the red, green and blue values of the training images, as fractions of 255.</summary>
    public IReadOnlyList<double> ChannelMean { get; }

    /// <summary>Standard deviation of the red, green and blue values of the training images, as fractions of 255.</summary>
    public IReadOnlyList<double> ChannelStd { get; }

    /// <summary>The images that a network is given.</summary>
    public abstract ImageShape Shape { get; }

    /// <summary>Images to train on.</summary>
    public abstract int TrainCount { get; }

    /// <summary>Images to measure on.</summary>
    public abstract int TestCount { get; }

    /// <summary>SHA-256 in lower-case hex over what tells this dataset from any other; computed on first use.</summary>
    public abstract string Digest { get; }

    /// <summary>What a reader of the log must know about the data.</summary>
    public virtual IReadOnlyList<string> Warnings => [];
}
