using FixupNet.Runs;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Results;

/// <summary>The metrics that trials measured, and what their records tell of them.</summary>
internal sealed class MetricCatalog
{
    private const int LongestUnit = 40;

    /// <summary>Finds the metrics.</summary>
    /// <param name="directories">Trials whose records tell what they measure, of each task one; without any the task is image classification.</param>
    /// <param name="summaries">The results there are.</param>
    public MetricCatalog(IEnumerable<TrialDirectory> directories, IReadOnlyList<TrialSummary> summaries)
    {
        Tasks = [.. directories.Select(TaskOf).OfType<TaskRecord>().DefaultIfEmpty(TaskRecord.ImageClassification)];
        List<string> tested = [.. summaries.SelectMany(summary => NamesOf(summary.Test)).Distinct()];
        List<string> found = [.. tested.Concat(summaries.SelectMany(summary => NamesOf(summary.Train))).Distinct()];
        var told = Tasks.SelectMany(task => task.Metrics).Where(metric => metric is not null && Metric.IsName(metric.Name)).DistinctBy(metric => metric.Name).ToList();
        All = [.. told.Select(Harmless), .. found.Except(told.Select(metric => metric.Name)).Select(name => new Metric(name))];
        List<Metric> results = [.. All.Where(metric => metric.Name != Metric.Loss && (tested.Count == 0 || tested.Contains(metric.Name)))];
        Results = results.Count > 0 ? results : [Of(Metric.Loss)];
    }

    /// <summary>The tasks.</summary>
    public IReadOnlyList<TaskRecord> Tasks { get; }

    /// <summary>All metrics, in the tasks' order.</summary>
    public IReadOnlyList<Metric> All { get; }

    /// <summary>Those by which results are told, at least one: what was tested beside the loss, or the loss where there is nothing else.</summary>
    public IReadOnlyList<Metric> Results { get; }

    /// <summary>The results in words, to begin a sentence with.</summary>
    public string ResultsTitle => TitleOf(string.Join(", ", Results.Select(metric => Metric.Words(metric.Name))));

    /// <summary>A metric by its name; of one that nothing tells about, the name is all that is known.</summary>
    public Metric Of(string name) => All.FirstOrDefault(metric => metric.Name == name) ?? new Metric(name);

    /// <summary>A text that begins with a capital.</summary>
    public static string TitleOf(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}";

    private static IEnumerable<string> NamesOf(MetricValues? values) => values?.Select(value => value.Name) ?? [];

    private static Metric Harmless(Metric metric) => metric with { Unit = PrintableText.Shortened(metric.Unit, LongestUnit) };

    // What is damaged is told where it is shown; it must not hide the results.
    private static TaskRecord? TaskOf(TrialDirectory trial)
    {
        try
        {
            return trial.ReadEnvironment() is { } environment ? environment.Task ?? TaskRecord.ImageClassification : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
