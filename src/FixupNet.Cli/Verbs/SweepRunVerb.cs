using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Sweeps;
using FixupNet.Reporting;
using FixupNet.Runs;
using FixupNet.Runs.Records;
using static TorchSharp.torch;

namespace FixupNet.Cli.Verbs;

/// <summary>"sweep run": runs a sweep, or what is left of it.</summary>
internal static class SweepRunVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var target = new Argument<string>("SWEEP|DIR") { Description = "A sweep document (JSON), or the folder of a sweep to continue." };
        var (overrides, jobs) = (SweepVerb.Overrides(host), Inputs.Count<int>("--jobs", "Trials at a time, sharing the processor's cores; default 1."));
        var output = Inputs.Path("--output", "DIR", "Folder in which the sweep's folder is made; default: runs.");
        var (maxTrials, failFast, launch) = (SweepVerb.MaxTrials(), SweepVerb.FailFast(), new LaunchInputs());
        var (threads, device) = (Inputs.Count<int>("--threads", "CPU threads of each trial; default: one a physical core, shared between the trials that run at once."), Inputs.Device());
        var rerun = new Option<bool>("--rerun") { Description = "Train trials again: those of another build of the program, or those that --trial and --state pick." };
        var choice = new TrialChoiceInputs("With --rerun");
        var noReuse = new Option<bool>("--no-reuse") { Description = "Train every trial here, also those that sweeps beside this one hold." };
        var verb = new Verb(
            "run", "Runs a sweep, each trial in a process of its own. What is complete never runs again: repeat the command to continue.",
            "fixupnet sweep run configs/depth-sweep.json training.epochs=1", "fixupnet sweep run runs/depth-sweep-1a2b3c --jobs 2",
            "fixupnet sweep run configs/depth-sweep.json --launcher slurm --workers 8 --cpus 4 --time 12:00:00")
        {
            target, overrides, output, jobs, threads, device, maxTrials, failFast, rerun, choice.Trial, choice.State, noReuse,
        };
        foreach (var option in launch.All) verb.Options.Add(option);
        verb.SetAction(parsed =>
        {
            if (!parsed.GetValue(rerun) && !choice.Read(parsed).IsEmpty) throw new UsageException("--trial and --state go with --rerun.");
            var request = launch.Read(parsed, [jobs, threads, device, maxTrials, failFast]);
            var options = new SweepWorkerOptions(
                parsed.GetValue(jobs) ?? 1, parsed.GetValue(threads), parsed.GetValue(maxTrials), parsed.GetValue(failFast), Device: parsed.GetRequiredValue(device));
            var sweep = Prepare(host, parsed.GetRequiredValue(target), parsed.GetValue(overrides) ?? [], parsed.GetValue(output), request is null ? options : null);
            if (!parsed.GetValue(noReuse)) Reuse(host, sweep);
            if (parsed.GetValue(rerun)) Repeat(host, sweep, choice.Read(parsed));
            if (request is not null) return SweepLaunch.Run(host, sweep, request);
            // libtorch starts with one thread a physical core; it is loaded only where there is something to share.
            return Run(host, sweep, options with { ThreadsPerTrial = options.ThreadsPerTrial ?? (options.Jobs > 1 ? Math.Max(1, get_num_threads() / options.Jobs) : null) });
        });
        return verb;
    }

    // Without options, trials are launched elsewhere, where there may be what is missing here.
    private static SweepDirectory Prepare(CliHost host, string target, string[] overrides, string? output, SweepWorkerOptions? options)
    {
        void Refuse(IReadOnlyList<ConfigError> problems) =>
            SweepVerb.Refuse(host, options is null ? [.. problems.Select(problem => problem with { Kind = ProblemKind.Warning })] : problems);

        if (Directory.Exists(target))
        {
            if (overrides.Length > 0)
                throw new UsageException($"{target} is the folder of a sweep, which is fixed; give the sweep's document to change values.");
            if (output is not null)
                throw new UsageException($"{target} is the folder of a sweep already; --output goes with a sweep's document.");
            var known = SweepVerb.Open(target);
            Refuse(SweepStart.Problems(known, host.Registries, options));
            return known;
        }
        var source = ConfigDocument.ReadFile(Inputs.RequireFile(target));
        var plan = SweepPlan.Parse(source.Span, target, overrides, host.Registries);
        SweepVerb.Warn(host, plan.Warnings);
        var sweep = SweepFolder.Of(output ?? OutputFolder.Runs, plan);
        Refuse(SweepStart.Problems(sweep, plan, options));
        OutputFolder.Create(sweep.Root);
        SweepFolder.Create(sweep, plan, source);
        return sweep;
    }

    private static void Reuse(CliHost host, SweepDirectory sweep)
    {
        var runsFolder = Path.GetDirectoryName(Path.GetFullPath(sweep.Root))!;
        foreach (var group in ReusedTrials.Take(runsFolder, sweep, host.Clock).GroupBy(taken => taken.Sweep))
            host.Log.Console.WriteLine($"{SweepVerb.Trials(group.Count())} taken over from {group.Key}, which trained the same; reused.json in each folder says so");
    }

    private static void Repeat(CliHost host, SweepDirectory sweep, TrialChoice choice)
    {
        var plan = sweep.ReadPlan();
        IReadOnlyList<PlanLine> lines = choice.IsEmpty ? [.. OtherBuilds.Find(sweep, plan).Select(other => other.Line)] : choice.Of(sweep, plan);
        var counts = RepeatedTrials.Reset(sweep, lines, host.Clock, anew: true);
        var kept = counts.KeptCount > 0 ? $"; what {counts.KeptCount} of them left is kept in {sweep.ReplacedFolder}" : "";
        host.Log.Console.WriteLine($"{SweepVerb.Trials(counts.Due.Count)} to train again{kept}");
        if (counts.HeldCount > 0) host.Log.Console.WriteLine($"{SweepVerb.Trials(counts.HeldCount)} left alone, which a worker holds at this moment");
    }

    private static int Run(CliHost host, SweepDirectory sweep, SweepWorkerOptions options)
    {
        using var ownership = sweep.Acquire();
        sweep.Claims.IsStopped = false;
        var outcome = SweepVerb.Work(host, sweep, options, host.Interruption.Listen());

        var report = SweepReport.Write(sweep.Root);
        SweepTableDisplay.Write(host, report.Table);
        ReportVerb.Announce(host, report);
        host.Log.Console.WriteLine(SweepVerb.Conclusion(sweep, outcome));
        return SweepVerb.ExitCode(outcome);
    }
}
