namespace FixupNet.Residual;

/// <summary>The halves of a network that translates.</summary>
public enum NetworkSide
{
    /// <summary>Reads the source.</summary>
    Encoder,

    /// <summary>Writes the target.</summary>
    Decoder,
}
