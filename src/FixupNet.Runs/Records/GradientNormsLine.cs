namespace FixupNet.Runs.Records;

/// <summary>Every further line of gradient-norms.jsonl.</summary>
/// <param name="Step">Updates the weights have had where the values were measured; 0 is the initialization.</param>
/// <param name="Epoch">Passes over the training set at that time, with fraction.</param>
/// <param name="Total">L2 norm of the whole gradient; need not be finite.</param>
/// <param name="Norms">L2 norm of each layer's gradient, in the order of the header; need not be finite.</param>
public sealed record GradientNormsLine(long Step, double Epoch, double Total, IReadOnlyList<double> Norms);
