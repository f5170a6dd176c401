namespace FixupNet.Training.Data;

/// <summary>What turns pixel values into network inputs: (value / 255 − mean) / std, channel by channel.</summary>
/// <param name="Mean">Mean of red, green and blue, as fractions of 255.</param>
/// <param name="Std">Standard deviation of red, green and blue, as fractions of 255.</param>
public sealed record ChannelNormalization(IReadOnlyList<double> Mean, IReadOnlyList<double> Std)
{
    /// <summary>The same mean and deviation for all three channels, for grey images.</summary>
    /// <param name="mean">Mean as a fraction of 255.</param>
    /// <param name="std">Standard deviation as a fraction of 255.</param>
    public static ChannelNormalization Grey(double mean, double std) => new([mean, mean, mean], [std, std, std]);
}
