namespace FixupNet.Runs.Records;

/// <summary>The test of a trial that had the highest accuracy, the first of equals.</summary>
/// <param name="Epoch">Epochs done at that test.</param>
/// <param name="Step">Optimizer steps done at that test.</param>
/// <param name="TestAccuracy">Its accuracy, in [0, 1].</param>
public sealed record BestResult(double Epoch, long Step, double TestAccuracy);
