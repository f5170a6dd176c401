namespace FixupNet.Runs.Records;

/// <summary>Values of a trial on its training or test examples.</summary>
/// <param name="Loss">Mean cross-entropy; need not be finite.</param>
/// <param name="Accuracy">Share of examples classified correctly, in [0, 1].</param>
public sealed record SplitResult(double Loss, double Accuracy);
