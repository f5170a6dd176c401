using System.Text.Json;
using FixupNet.Reporting.Results;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Exports;

/// <summary>One run to export: a trial of a sweep, or a run of its own.</summary>
/// <param name="Index">Number in its sweep; 0 of a run of its own.</param>
/// <param name="Name">Its name.</param>
/// <param name="Seed">Its seed; null where its configuration does not tell.</param>
/// <param name="Parameters">Values of the grid's keys.</param>
/// <param name="Directory">Its files.</param>
/// <param name="Sweep">The sweep it is of, where several are exported in one; else null.</param>
internal sealed record ExportedRun(
    int Index, string Name, long? Seed, IReadOnlyDictionary<string, JsonElement> Parameters, TrialDirectory Directory, string? Sweep = null)
{
    private const string SeedKey = "seed";

    // Where no line has one, tables are as ever.
    private static readonly (string Name, Func<MetricsLine, double?> Of)[] s_occasional =
        [("examplesPerSecond", line => line.ExamplesPerSecond), ("waitedShare", line => line.WaitedShare)];

    /// <summary>Finds the runs of a folder.</summary>
    /// <param name="path">The folder of a sweep or of a run.</param>
    /// <exception cref="FileNotFoundException">It is neither.</exception>
    public static IReadOnlyList<ExportedRun> Find(string path)
    {
        var sweep = new SweepDirectory(path);
        if (File.Exists(sweep.PlanFile)) return [.. sweep.ReadPlan().Select(line => Of(line, sweep.Trial(line)))];
        var run = new TrialDirectory(path);
        if (!File.Exists(run.ConfigFile))
            throw new FileNotFoundException($"{path} holds neither plan.jsonl nor config.json: it is not the folder of a sweep or of a run.");
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        return [new ExportedRun(0, name, SeedOf(run), new Dictionary<string, JsonElement>(), run)];
    }

    /// <summary>Finds the runs of several folders, each with the name of its sweep.</summary>
    /// <param name="paths">Folders of sweeps or runs; of one, runs have no name of a sweep.</param>
    /// <exception cref="FileNotFoundException">One is neither.</exception>
    public static IReadOnlyList<ExportedRun> Find(IReadOnlyList<string> paths)
    {
        if (paths is [var path]) return Find(path);
        var names = JointResults.NamesOf(paths);
        return [.. paths.Zip(names).SelectMany(pair => Find(pair.First).Select(run => run with { Sweep = pair.Second }))];
    }

    /// <summary>What the lines of some runs hold: the metrics in their order, those of image classification where there are no lines; and
    /// what else only some kinds of runs have.</summary>
    /// <param name="runs">The runs.</param>
    /// <exception cref="InvalidDataException">A file of metrics is damaged.</exception>
    public static (IReadOnlyList<string> Metrics, IReadOnlyList<(string Name, Func<MetricsLine, double?> Of)> Occasional) ColumnsOf(IEnumerable<ExportedRun> runs)
    {
        var (names, occasional) = (new List<string>(), new HashSet<string>());
        foreach (var line in runs.SelectMany(run => MetricsLog.Read(run.Directory.MetricsFile)))
        {
            foreach (var (name, _) in line.Values) if (!names.Contains(name)) names.Add(name);
            occasional.UnionWith(s_occasional.Where(column => column.Of(line) is not null).Select(column => column.Name));
        }
        return (OrUsual(names), [.. s_occasional.Where(column => occasional.Contains(column.Name))]);
    }

    /// <summary>Names of metrics, each once; those of image classification where there are none.</summary>
    public static IReadOnlyList<string> OrUsual(IEnumerable<string> metrics)
    {
        List<string> names = [.. metrics.Distinct()];
        return names.Count > 0 ? names : [.. TaskRecord.ImageClassification.Metrics.Select(metric => metric.Name)];
    }

    /// <summary>Name of its folder in an export.</summary>
    public string FolderName => Sweep is null ? OwnFolderName : Path.Combine(Sweep, OwnFolderName);

    private string OwnFolderName => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Directory.Root)));

    private static long? SeedOf(TrialDirectory run)
    {
        using var config = RunDocument.Read(run.ConfigFile);
        var isThere = config.RootElement.TryGetProperty(SeedKey, out var seed) && seed.ValueKind == JsonValueKind.Number;
        return isThere && seed.TryGetInt64(out var value) ? value : null;
    }

    private static ExportedRun Of(PlanLine line, TrialDirectory directory) =>
        new(line.Index, line.Name, line.Seed, line.Overrides.Where(pair => pair.Key != SeedKey).ToDictionary(), directory);
}
