using FixupNet.Experiments.Trials;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Measures a configuration's training steps.</summary>
public interface IStepMeasurer
{
    /// <summary>Measures.</summary>
    /// <param name="configJson">A resolved train document.</param>
    /// <param name="overrides">Changes to it, <c>key=value</c>.</param>
    /// <param name="plan">How the steps fit into memory; null for what the configuration would choose.</param>
    /// <param name="threads">CPU threads of one operation; null for one a physical core.</param>
    /// <returns>What was measured, and the seconds of starting and ending beside it.</returns>
    /// <exception cref="IOException">The measurement failed.</exception>
    (StepMeasurement Measurement, double StartSeconds) Measure(string configJson, IReadOnlyList<string> overrides, StepPlan? plan, int? threads);
}
