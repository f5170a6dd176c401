namespace FixupNet.Runs.Records;

/// <summary>Where a trial first had a value that is not finite.</summary>
/// <param name="Step">The step: updates the weights have had where it was measured.</param>
/// <param name="What">Which value: "loss", "gradient", "activation".</param>
/// <param name="Layer">The first layer in forward order it was seen in, where one could be named.</param>
public sealed record DivergenceRecord(long Step, string What, string? Layer = null);
