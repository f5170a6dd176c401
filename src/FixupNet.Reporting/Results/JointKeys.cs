using System.Text.Json;

namespace FixupNet.Reporting.Results;

/// <summary>Finds the keys that tell trials of several sweeps apart.</summary>
internal static class JointKeys
{
    private const string SeedKey = "seed";

    // What these say does not change what is trained: names, where data lie, what is written down.
    private static readonly string[] NoSettings = ["$schema", "name", "about", SeedKey, "dataset.root", "record", "checkpoint"];

    /// <summary>The keys of the sweeps' grids that differ, then those of the documents that are needed beside them: what follows from other keys, such
    /// as the initialization that belongs to a method, is none.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<JointTrial> trials)
    {
        List<string> grid = [.. trials.SelectMany(trial => trial.Trial.Plan.Overrides.Keys).Distinct().Where(key => key != SeedKey)];
        var keys = grid.Where(key => TextsOf(trials, key).Distinct().Count() > 1).ToList();
        foreach (var key in trials.SelectMany(trial => Flat(trial.Config, "")).Distinct().Where(key => !IsWithin(key, grid) && !IsWithin(key, NoSettings)))
        {
            // A document that lacks the key was written before there was one.
            var differs = trials.Where(trial => trial.Value(key) is not null).GroupBy(trial => TextOf(trial, keys))
                .Any(same => TextsOf(same, key).Distinct().Skip(1).Any());
            if (differs) keys.Add(key);
        }
        return keys;
    }

    /// <summary>A trial's values of some keys, as a text that is equal exactly where they are.</summary>
    public static string TextOf(JointTrial trial, IReadOnlyList<string> keys) => string.Join('\n', keys.Select(key => TextOf(trial, key)));

    private static IEnumerable<string?> TextsOf(IEnumerable<JointTrial> trials, string key) => trials.Select(trial => TextOf(trial, key));

    private static string? TextOf(JointTrial trial, string key) => trial.Value(key) is { } value ? ParameterValue.Text(value) : null;

    private static bool IsWithin(string key, IEnumerable<string> sections) =>
        sections.Any(section => key == section || key.StartsWith(section + ".", StringComparison.Ordinal));

    private static IEnumerable<string> Flat(JsonElement element, string path) => element.ValueKind != JsonValueKind.Object
        ? path.Length == 0 ? [] : [path]
        : element.EnumerateObject().SelectMany(member => Flat(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}"));
}
