namespace FixupNet.Experiments.Sweeps;

/// <summary>The process that was to measure training steps failed.</summary>
/// <param name="exitCode">How it ended.</param>
/// <param name="message">What it said.</param>
public sealed class MeasurementException(int exitCode, string message) : IOException(message)
{
    /// <summary>How it ended; from 128 on, by a signal.</summary>
    public int ExitCode => exitCode;
}
