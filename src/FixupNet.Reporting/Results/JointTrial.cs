using System.Text.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Results;

/// <summary>A trial of one of several sweeps, with what it was asked to do.</summary>
/// <param name="Trial">The trial; it has an origin.</param>
/// <param name="Config">Its document; of kind Undefined where it has none.</param>
/// <param name="Environment">What it ran on, or null before it began.</param>
internal sealed record JointTrial(SweepTrial Trial, JsonElement Config, EnvironmentRecord? Environment)
{
    /// <summary>The sweep it is of.</summary>
    public TrialOrigin Origin => Trial.Origin!;

    /// <summary>Its seed.</summary>
    public long Seed => Trial.Plan.Seed;

    /// <summary>How far it has come: the less the further.</summary>
    public int Rank => Trial.Summary?.State switch
    {
        TrialState.Completed => 0,
        TrialState.Diverged or TrialState.Stopped => 1,
        not null => 2,
        null => Environment is null ? 4 : 3,
    };

    /// <summary>Reads a trial's documents.</summary>
    /// <exception cref="InvalidDataException">One is damaged.</exception>
    public static JointTrial Read(SweepTrial trial)
    {
        if (!File.Exists(trial.Directory.ConfigFile)) return new JointTrial(trial, default, trial.Directory.ReadEnvironment());
        using var config = RunDocument.Read(trial.Directory.ConfigFile);
        return new JointTrial(trial, config.RootElement.Clone(), trial.Directory.ReadEnvironment());
    }

    /// <summary>How many runs there are among trials of one configuration and seed: a trial that was copied is the run it was copied from.</summary>
    public static int RunCount(IReadOnlyList<JointTrial> trials) =>
        trials.Where(trial => trial.Environment is not null).DistinctBy(trial => (trial.Environment!.StartedAt, trial.Environment.Host, trial.Environment.Command)).Count();

    /// <summary>The value of a key such as "model.depth": that of the document, else of the grid; null where neither has it.</summary>
    public JsonElement? Value(string key)
    {
        var element = Config;
        foreach (var part in key.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(part, out var member))
                return Trial.Plan.Overrides.TryGetValue(key, out var planned) ? planned : null;
            element = member;
        }
        return element;
    }
}
