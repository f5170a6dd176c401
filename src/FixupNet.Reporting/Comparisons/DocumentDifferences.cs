using FixupNet.Reporting.Results;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Comparisons;

/// <summary>Finds what differs between the documents of two groups, and between what they ran on, beside what is compared.</summary>
internal static class DocumentDifferences
{
    private static readonly string[] NoSettings = ["$schema", "name", "about", "seed"];

    private static readonly (string Key, Func<EnvironmentRecord, string?> Value)[] Facts =
    [
        ("env.commit", environment => environment.Commit), ("env.build", BuildOf), ("env.cpu", environment => environment.Cpu), ("env.gpu", environment => environment.Gpu),
        ("env.threads", environment => $"{environment.Threads}"), ("env.libtorch", environment => $"{environment.Provider} {environment.Libtorch}"),
        ("env.datasetDigest", environment => environment.DatasetDigest),
    ];

    // Of the sources, for two builds of one commit may differ.
    private static string? BuildOf(EnvironmentRecord environment)
    {
        List<string> builds = [.. environment.Sources.Where(source => source.Code.Length > 0).Select(source => $"sources {source.ShortCode}").Distinct()];
        return builds.Count > 0 ? string.Join(", then ", builds) : null;
    }

    /// <summary>The differences of two groups, documents first, each by key.</summary>
    /// <param name="baseline">One group.</param>
    /// <param name="other">The other one.</param>
    /// <param name="compared">Keys by whose values the two were chosen.</param>
    /// <exception cref="InvalidDataException">A document is damaged.</exception>
    public static IEnumerable<DocumentDifference> Of(SweepGroup baseline, SweepGroup other, IReadOnlyCollection<string> compared)
    {
        bool IsCompared(string key) => compared.Any(chosen => key == chosen || key.StartsWith(chosen + ".", StringComparison.Ordinal));
        return Of(Document(baseline), Document(other)).Where(difference => !NoSettings.Contains(difference.Key) && !IsCompared(difference.Key))
            .Concat(Of(RanOn(baseline), RanOn(other)));
    }

    private static IEnumerable<DocumentDifference> Of(Dictionary<string, string> baseline, Dictionary<string, string> other) =>
        from key in baseline.Keys.Union(other.Keys).Order(StringComparer.Ordinal)
        where baseline.Count > 0 && other.Count > 0
        let values = (One: baseline.GetValueOrDefault(key), Other: other.GetValueOrDefault(key))
        where values.One != values.Other
        select new DocumentDifference(key, values.One, values.Other);

    // The documents of a group differ in their seed only.
    private static Dictionary<string, string> Document(SweepGroup group) =>
        group.Trials.FirstOrDefault(trial => File.Exists(trial.Directory.ConfigFile)) is { } trial ? RunDocument.ReadFlat(trial.Directory.ConfigFile) : [];

    private static Dictionary<string, string> RanOn(SweepGroup group)
    {
        List<EnvironmentRecord> environments = [.. group.Trials.Select(trial => trial.Directory.ReadEnvironment()).OfType<EnvironmentRecord>()];
        return Facts.Select(fact => (fact.Key, Values: environments.Select(fact.Value).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList()))
            .Where(fact => fact.Values.Count > 0).ToDictionary(fact => fact.Key, fact => string.Join("; ", fact.Values));
    }
}
