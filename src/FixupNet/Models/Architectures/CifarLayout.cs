using FixupNet.Models.Blocks;

namespace FixupNet.Models.Architectures;

/// <summary>What tells one three-stage CIFAR network from another.</summary>
/// <param name="Variant">What bounds the signal.</param>
/// <param name="StemChannels">Channels after the stem.</param>
/// <param name="StageChannels">Channels of the first stage; the second and third have 2 and 4 times as many.</param>
/// <param name="BlocksPerStage">n.</param>
/// <param name="Shortcut">The shortcut where the shape changes.</param>
internal sealed record CifarLayout(ResidualVariant Variant, long StemChannels, long StageChannels, int BlocksPerStage, ShortcutKind Shortcut)
{
    /// <summary>Channels of the last stage.</summary>
    internal long FeatureCount => 4 * StageChannels;

    /// <summary>The shapes of one stage's blocks; the second and third stage halve the image.</summary>
    internal IEnumerable<BlockShape> Stage(int stage)
    {
        var channels = StageChannels << stage;
        var before = stage == 0 ? StemChannels : channels / 2;
        yield return new BlockShape(before, channels, stage == 0 ? 1 : 2, Shortcut);
        for (var i = 1; i < BlocksPerStage; i++) yield return new BlockShape(channels, channels, 1, Shortcut);
    }
}
