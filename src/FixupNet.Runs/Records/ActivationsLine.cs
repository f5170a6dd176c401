namespace FixupNet.Runs.Records;

/// <summary>Every further line of activations.jsonl.</summary>
/// <param name="Step">Updates the weights have had where the values were measured; 0 is the initialization.</param>
/// <param name="Epoch">Passes over the training set at that time, with fraction.</param>
/// <param name="Mean">Mean of each block's output, in the order of the header; need not be finite.</param>
/// <param name="SecondMoment">Mean square of each block's output, in the order of the header; need not be finite.</param>
public sealed record ActivationsLine(long Step, double Epoch, IReadOnlyList<double> Mean, IReadOnlyList<double> SecondMoment);
