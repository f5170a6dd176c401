using System.Text.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Results;

/// <summary>The trials of a sweep that differ in their seed only.</summary>
/// <param name="Parameters">Values of the sweep's varying keys, in their order.</param>
/// <param name="Trials">The trials, in the order of the plan.</param>
internal sealed record SweepGroup(IReadOnlyDictionary<string, JsonElement> Parameters, IReadOnlyList<SweepTrial> Trials)
{
    /// <summary>The trials whose results count: those that completed; where none did, those that were stopped.</summary>
    public IReadOnlyList<SweepTrial> Counting()
    {
        var completed = Trials.Where(trial => trial.Summary?.State == TrialState.Completed).ToList();
        return completed.Count > 0 ? completed : [.. Trials.Where(trial => trial.Summary?.State == TrialState.Stopped)];
    }

    /// <summary>A value as JSON text in one spelling, or null where the group has no such key.</summary>
    public string? Raw(string key) => Parameters.TryGetValue(key, out var value) ? ParameterValue.Text(value) : null;

    /// <summary>A value as a number, or null where it is none.</summary>
    public double? Number(string key) =>
        Parameters.TryGetValue(key, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
