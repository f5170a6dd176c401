namespace FixupNet.Runs.Records;

/// <summary>Every further line of activations.jsonl.</summary>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="Epoch">Epochs done, with fraction.</param>
/// <param name="Mean">Mean of each block's output, in the order of the header; need not be finite.</param>
/// <param name="SecondMoment">Mean square of each block's output, in the order of the header; need not be finite.</param>
public sealed record ActivationsLine(long Step, double Epoch, IReadOnlyList<double> Mean, IReadOnlyList<double> SecondMoment);
