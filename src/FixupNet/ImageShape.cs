namespace FixupNet;

/// <summary>The shape of one image.</summary>
/// <param name="Channels">C, at least 1.</param>
/// <param name="Height">H, at least 1.</param>
/// <param name="Width">W, at least 1.</param>
public sealed record ImageShape(int Channels, int Height, int Width)
{
    /// <summary>An image of CIFAR, [3,32,32].</summary>
    public static ImageShape Cifar { get; } = new(3, 32, 32);

    /// <summary>An image of ImageNet as networks are trained on it, [3,224,224].</summary>
    public static ImageShape ImageNet { get; } = new(3, 224, 224);

    /// <summary>The shape in words, as in 3×32×32.</summary>
    public override string ToString() => FormattableString.Invariant($"{Channels}×{Height}×{Width}");
}
