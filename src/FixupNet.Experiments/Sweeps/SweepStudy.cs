using System.Diagnostics;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Studies;
using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Asks a study of a sweep as a whole.</summary>
public static class SweepStudy
{
    /// <summary>Asks what the sweep's document asks of it as a whole; anew each time, for trials may have been repeated.</summary>
    /// <param name="sweep">The sweep's folder.</param>
    /// <param name="registries">The named choices.</param>
    /// <returns>The answers.</returns>
    /// <exception cref="ConfigException">A study has no question for this sweep.</exception>
    /// <exception cref="InvalidDataException">A record is damaged, or trials learned different tasks.</exception>
    public static IReadOnlyList<StudyRecord> RunAll(SweepDirectory sweep, ConfigRegistries registries) =>
        [.. (sweep.ReadStudies().OfSweep ?? []).Select(request => Run(StudyChoice.Of(request, registries), sweep))];

    /// <summary>Reads what the trials came to, runs the study and keeps the answer in the sweep's folder.</summary>
    /// <param name="choice">A study of sweeps, and its options.</param>
    /// <param name="sweep">The sweep's folder.</param>
    /// <exception cref="ConfigException">The study has no question for this sweep.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no plan, or no trial that has ended.</exception>
    /// <exception cref="InvalidDataException">A record is damaged, or trials learned different tasks.</exception>
    public static StudyRecord Run(StudyChoice choice, SweepDirectory sweep)
    {
        var started = Stopwatch.GetTimestamp();
        var answer = choice.Answer(choice.Entry.Name, weights: null, started, () => choice.Entry.Run(Read(sweep), choice.Options));
        Directory.CreateDirectory(sweep.StudiesFolder);
        RunJson.WriteFile(sweep.StudyFile(choice.Entry.Name), answer);
        return answer;
    }

    /// <summary>Whether a study has a question for a sweep that has not begun.</summary>
    /// <param name="choice">A study of sweeps, and its options.</param>
    /// <param name="trials">The sweep's trials.</param>
    /// <exception cref="StudyRefusedException">It has none.</exception>
    internal static void Check(StudyChoice choice, IReadOnlyList<TrialPlan> trials) =>
        choice.Entry.Check(new StudySweep("", "", true, [.. trials.Select(trial => new StudySweepTrial(Parameters(SweepFolder.Line(trial)), 0))]), choice.Options);

    private static StudySweep Read(SweepDirectory sweep)
    {
        var ended = sweep.ReadPlan().Select(line => (line, Trial: sweep.Trial(line), Summary: sweep.Trial(line).ReadSummary()))
            .Where(trial => trial.Summary is { State: TrialState.Completed or TrialState.Stopped or TrialState.Diverged }).ToList();
        if (ended.Count == 0) throw new FileNotFoundException($"{sweep.Root} holds no trial that was trained to its end.");
        List<TaskRecord> tasks = [.. ended.Select(trial => trial.Trial.ReadEnvironment()?.Task ?? TaskRecord.ImageClassification).DistinctBy(task => (task.Name, task.BestBy))];
        if (tasks is not [var task]) throw new InvalidDataException($"{sweep.Root} holds trials of {string.Join(" and ", tasks.Select(other => $"\"{other.Name}\" by {other.BestBy}"))}, whose scores cannot be compared.");
        var metric = task.Metrics.First(known => known.Name == task.BestBy);
        var sign = metric.Better == MetricDirection.Higher ? 1 : -1;
        // What diverged is the worst there is.
        double?[] scores = [.. ended.Select(trial => trial.Summary!.State == TrialState.Diverged ? null : sign * trial.Summary.Test?[metric.Name])];
        var worst = sign > 0 ? 0 : scores.OfType<double>().DefaultIfEmpty(0).Min();
        return new StudySweep(metric.Name, metric.Unit, sign > 0,
        [
            .. ended.Zip(scores, (trial, score) => new StudySweepTrial(Parameters(trial.line), score is { } known && double.IsFinite(known) ? known : worst)),
        ]);
    }

    private static Dictionary<string, string> Parameters(PlanLine line) => line.Overrides.Where(pair => pair.Key != "seed").ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
}
