namespace FixupNet.Runs.Records;

/// <summary>What a summary keeps of the gradient norms; none need be finite.</summary>
/// <param name="FirstLayer">Name of the first recorded layer in forward order.</param>
/// <param name="FirstLayerNorm">L2 norm of its gradient at the last recorded step.</param>
/// <param name="LastLayer">Name of the last recorded layer in forward order.</param>
/// <param name="LastLayerNorm">L2 norm of its gradient at the last recorded step.</param>
/// <param name="MaxTotalNorm">Largest finite norm of the whole gradient over all steps; NaN where none was finite.</param>
/// <param name="DeadSinceStep">
/// The step (updates made before it) from which on to the end the gradient of every layer but the last was exactly 0 after it had not been:
/// nothing passes the network's activations any more, and it cannot learn; null where the network is alive.
/// </param>
public sealed record GradientNormsSummary(
    string FirstLayer,
    double FirstLayerNorm,
    string LastLayer,
    double LastLayerNorm,
    double MaxTotalNorm,
    long? DeadSinceStep = null);
