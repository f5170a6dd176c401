namespace FixupNet.Augmentation;

/// <summary>How one batch is mixed.</summary>
/// <param name="Lambda">λ, the share of each example itself, in [0, 1].</param>
/// <param name="Partners">For each example of the batch, the position of the one it is mixed with.</param>
public sealed record MixupDraw(double Lambda, IReadOnlyList<int> Partners);
