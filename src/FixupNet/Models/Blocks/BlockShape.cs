namespace FixupNet.Models.Blocks;

/// <summary>The outer shape of a block.</summary>
/// <param name="InChannels">Channels in, at least 1.</param>
/// <param name="OutChannels">Channels out, at least as many as in where the shortcut is zero-padded.</param>
/// <param name="Stride">Stride, at least 1.</param>
/// <param name="Shortcut">The shortcut where the shape changes.</param>
public sealed record BlockShape(long InChannels, long OutChannels, long Stride, ShortcutKind Shortcut)
{
    /// <summary>Whether the sum can take the block's input as it is.</summary>
    public bool KeepsShape => Stride == 1 && InChannels == OutChannels;
}
