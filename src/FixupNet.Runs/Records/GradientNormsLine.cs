namespace FixupNet.Runs.Records;

/// <summary>Every further line of gradient-norms.jsonl.</summary>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="Epoch">Epochs done, with fraction.</param>
/// <param name="Total">L2 norm of the whole gradient; need not be finite.</param>
/// <param name="Norms">L2 norm of each layer's gradient, in the order of the header; need not be finite.</param>
public sealed record GradientNormsLine(long Step, double Epoch, double Total, IReadOnlyList<double> Norms);
