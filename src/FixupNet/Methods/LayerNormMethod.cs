using FixupNet.Residual;

namespace FixupNet.Methods;

/// <summary>Layer normalization of each image alone, over all its channels and pixels, with a gain and a shift for every channel.</summary>
/// <remarks>arXiv:1607.06450, for images in the form of arXiv:1803.08494, Sec. 3: one group.</remarks>
public sealed record LayerNormMethod : NormMethod
{
    private protected override string Prefix => "ln";

    private protected override NormalizeStep Normalize(string name, int channels) => OfImage(name, channels, groupCount: 1, NormScope.Layer);
}
