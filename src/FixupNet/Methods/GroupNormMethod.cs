using FixupNet.Residual;

namespace FixupNet.Methods;

/// <summary>Group normalization of each image alone, in groups of about 32 channels.</summary>
/// <remarks>arXiv:1803.08494.</remarks>
public sealed record GroupNormMethod : NormMethod
{
    private const int ChannelsOfGroup = 32;

    private protected override string Prefix => "gn";

    private protected override NormalizeStep Normalize(string name, int channels)
    {
        var groupCount = Math.Max(1, channels / ChannelsOfGroup);
        while (channels % groupCount != 0) groupCount--;
        return OfImage(name, channels, groupCount, NormScope.Group);
    }
}
