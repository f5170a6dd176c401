namespace FixupNet.Residual;

/// <summary>How many layers the two sides of a Transformer have.</summary>
/// <param name="Encoder">Of the encoder: two branches each.</param>
/// <param name="Decoder">Of the decoder: three branches each.</param>
public readonly record struct StackDepths(int Encoder, int Decoder);
