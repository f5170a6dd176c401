using FixupNet.Reporting.Results;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Page;

/// <summary>A trial with what its folder says about it.</summary>
/// <param name="Trial">The trial and its result.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Reason">Why, in its own words; empty where it has none.</param>
/// <param name="Environment">What it ran on, once it has begun.</param>
/// <param name="Config">Its configuration as "section.key" → JSON text; of the plan alone where it has none yet.</param>
/// <param name="TestCount">How often it was tested on the test set.</param>
internal sealed record TrialRecord(
    SweepTrial Trial, TrialState State, string Reason, EnvironmentRecord? Environment, IReadOnlyDictionary<string, string> Config, int TestCount)
{
    /// <summary>Its name for people.</summary>
    public string Name => Trial.Plan.Name;

    /// <summary>Reads a trial's records.</summary>
    /// <exception cref="InvalidDataException">One is damaged.</exception>
    public static TrialRecord Read(SweepTrial trial)
    {
        var status = trial.Directory.ReadStatus();
        return new TrialRecord(
            trial, trial.Summary?.State ?? status?.State ?? TrialState.Pending, status?.Reason ?? "", trial.Directory.ReadEnvironment(),
            ConfigOf(trial), TestCountOf(trial.Directory.MetricsFile));
    }

    private static int TestCountOf(string metricsFile) => MetricsLog.Read(metricsFile).Count(line => line.Split == MetricsSplit.Test);

    private static Dictionary<string, string> ConfigOf(SweepTrial trial) => File.Exists(trial.Directory.ConfigFile)
        ? RunDocument.ReadFlat(trial.Directory.ConfigFile)
        : trial.Plan.Overrides.ToDictionary(pair => pair.Key, pair => ParameterValue.Text(pair.Value));
}
