namespace FixupNet.Residual;

/// <summary>Over what a normalization layer takes its statistics.</summary>
public enum NormScope
{
    /// <summary>Every image of the batch: a part of a batch has other statistics than the whole.</summary>
    Batch,

    /// <summary>A group of channels of one image.</summary>
    Group,

    /// <summary>All channels of one image.</summary>
    Layer,

    /// <summary>All channels of one position of a sequence.</summary>
    Position,
}
