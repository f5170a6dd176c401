using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Sweeps;
using FixupNet.Experiments.Trials;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Verbs;

/// <summary>"sweep": many trainings from one document.</summary>
internal static class SweepVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host) =>
        new Verb(
            "sweep", "Plans, runs and resumes many trainings.",
            "fixupnet sweep plan configs/quickstart.json", "fixupnet sweep run configs/quickstart.json")
        {
            SweepPlanVerb.Create(host),
            SweepRunVerb.Create(host),
            SweepWorkerVerb.Create(host),
            SweepStatusVerb.Create(host),
            SweepListVerb.Create(host),
            SweepRetryVerb.Create(host),
            SweepStopVerb.Create(host),
        };

    /// <summary>The folder of a sweep that exists.</summary>
    public static Argument<string> Folder() => new("DIR") { Description = "The folder of a sweep." };

    /// <summary>Changes to a sweep's document.</summary>
    public static Argument<string[]> Overrides(CliHost host) =>
        Inputs.Overrides(host.Registries, "Changes: training.epochs=1 sets a value, model.depth=20,56 makes it a list to go through.");

    /// <summary>How many trials to run at most.</summary>
    public static Option<int?> MaxTrials() => Inputs.Count<int>("--max-trials", "Run at most so many trials this time.");

    /// <summary>Whether a failure ends the work.</summary>
    public static Option<bool> FailFast() => new("--fail-fast") { Description = "Start no more trials once one has failed." };

    /// <summary>Works on a sweep and shows it.</summary>
    public static SweepOutcome Work(CliHost host, SweepDirectory sweep, SweepWorkerOptions options, CancellationToken cancellation)
    {
        var plan = sweep.ReadPlan();
        host.Log.Console.WriteLine($"{sweep.Root}: {plan.Count} trials, {plan.Count(line => sweep.Trial(line).IsEnded)} of them complete");
        TellOtherBuilds(host.Log.Console.WriteLine, sweep, plan);
        var outcome = ProgressDisplay.Draw(host, keepsLast: false, drawing =>
        {
            using var display = new SweepDisplay(host, sweep, plan, drawing);
            var worker = new SweepWorker(sweep, new WorkerTools(host.TrialProcess, host.Clock, host.Registries, display.Show, display.ShowWaiting));
            return worker.RunAsync(options, cancellation).GetAwaiter().GetResult();
        });
        if (outcome.HasResults)
            foreach (var answer in SweepStudy.RunAll(sweep, host.Registries)) host.Log.Console.WriteLine($"study {answer.Study} asked of the sweep: {sweep.StudyFile(answer.Study)}");
        return outcome;
    }

    /// <summary>Tells what is no error.</summary>
    public static void Warn(CliHost host, IEnumerable<ConfigError> warnings)
    {
        foreach (var warning in warnings) host.Log.Console.WriteLine(PrintableText.Of(warning.ToString()));
    }

    /// <summary>Tells warnings, and refuses to go on with anything worse.</summary>
    /// <exception cref="ConfigException">There is something worse.</exception>
    public static void Refuse(CliHost host, IReadOnlyList<ConfigError> problems)
    {
        Warn(host, problems.Where(problem => problem.Kind == ProblemKind.Warning));
        List<ConfigError> errors = [.. problems.Where(problem => problem.Kind != ProblemKind.Warning)];
        if (errors.Count > 0) throw new ConfigException(errors);
    }

    /// <summary>Tells of trials that another build of this program trained: their numbers may not be those of this one.</summary>
    public static void TellOtherBuilds(Action<string> tell, SweepDirectory sweep, IReadOnlyList<PlanLine> plan)
    {
        var others = OtherBuilds.Find(sweep, plan);
        if (others.Count == 0) return;
        var builds = string.Join(", ", others.Select(other => other.Source.ToString()).Distinct());
        tell($"{others.Count} of {Trials(plan.Count)} trained by another build of the program ({builds}; this one: {ProgramSource.Current}). To train them again: fixupnet sweep run {sweep.Root} --rerun");
    }

    /// <summary>So many trials, in words.</summary>
    public static string Trials(int count) => count == 1 ? "1 trial" : $"{count} trials";

    /// <summary>The last line of a worker's work.</summary>
    public static string Conclusion(SweepDirectory sweep, SweepOutcome outcome)
    {
        var states = string.Join(", ", outcome.States.Select(pair => $"{pair.Value} {RunText.Name(pair.Key)}"));
        var advice = outcome.IsStopped ? $"; the sweep is stopped, to go on: fixupnet sweep run {sweep.Root}"
            : outcome.IsInterrupted ? $"; run it again to continue: fixupnet sweep run {sweep.Root}"
            : outcome.CountOf(TrialState.Failed) > 0 ? $"; to try the failed ones again: fixupnet sweep retry {sweep.Root}"
            : outcome.UnansweredCount > 0 ? $"; {outcome.UnansweredCount} of them lack the answer to a study, and their log.txt says why; to ask again: fixupnet sweep run {sweep.Root}"
            : "";
        return $"{states}{advice}";
    }

    /// <summary>What a worker's work means to whoever started it.</summary>
    public static int ExitCode(SweepOutcome outcome) => outcome.IsInterrupted ? ExitCodes.Interrupted
        : outcome.CountOf(TrialState.Failed) > 0 || outcome.UnansweredCount > 0 ? ExitCodes.TrialsFailed
        : ExitCodes.Success;

    /// <summary>Opens the folder of a sweep.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static SweepDirectory Open(string path)
    {
        var sweep = new SweepDirectory(path);
        if (File.Exists(sweep.PlanFile)) return sweep;
        throw new FileNotFoundException(
            Directory.Exists(path) ? $"{path} holds no plan.jsonl: it is not the folder of a sweep." : $"There is no folder {path}{Inputs.DidYouMeanPath(path)}.");
    }
}
