using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Sweeps;
using FixupNet.Reporting;
using FixupNet.Runs;
using static TorchSharp.torch;

namespace FixupNet.Cli.Verbs;

/// <summary>"sweep run": runs a sweep, or what is left of it.</summary>
internal static class SweepRunVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var target = new Argument<string>("SWEEP|DIR") { Description = "A sweep document (JSON), or the folder of a sweep to continue." };
        var (overrides, jobs) = (SweepVerb.Overrides(), Inputs.Count<int>("--jobs", "Trials at a time, sharing the processor's cores; default 1."));
        var output = Inputs.Path("--output", "DIR", "Folder in which the sweep's folder is made; default: runs.");
        var (maxTrials, failFast, launch) = (SweepVerb.MaxTrials(), SweepVerb.FailFast(), new LaunchInputs());
        var verb = new Verb(
            "run", "Runs a sweep, each trial in a process of its own. What is complete never runs again: repeat the command to continue.",
            "fixupnet sweep run configs/depth-sweep.json training.epochs=1", "fixupnet sweep run runs/depth-sweep-1a2b3c --jobs 2",
            "fixupnet sweep run configs/depth-sweep.json --launcher slurm --workers 8 --cpus 4 --time 12:00:00")
        {
            target, overrides, output, jobs, maxTrials, failFast,
        };
        foreach (var option in launch.All) verb.Options.Add(option);
        verb.SetAction(parsed =>
        {
            var request = launch.Read(parsed, [jobs, maxTrials, failFast]);
            var sweep = Prepare(
                host, parsed.GetRequiredValue(target), parsed.GetValue(overrides) ?? [], parsed.GetValue(output), problems => Refuse(host, problems, runsHere: request is null));
            if (request is not null) return SweepLaunch.Run(host, sweep, request);
            var jobCount = parsed.GetValue(jobs) ?? 1;
            // libtorch starts with one thread a physical core; it is loaded only where there is something to share.
            int? threads = jobCount > 1 ? Math.Max(1, get_num_threads() / jobCount) : null;
            return Run(host, sweep, new SweepWorkerOptions(jobCount, threads, parsed.GetValue(maxTrials), parsed.GetValue(failFast)));
        });
        return verb;
    }

    // Elsewhere there may be what is missing here.
    private static void Refuse(CliHost host, IReadOnlyList<ConfigError> problems, bool runsHere)
    {
        if (problems.Count == 0) return;
        if (runsHere) throw new ConfigException(problems);
        SweepVerb.Warn(host, problems.Select(problem => problem with { Kind = ProblemKind.Warning }));
    }

    private static SweepDirectory Prepare(CliHost host, string target, string[] overrides, string? output, Action<IReadOnlyList<ConfigError>> refuse)
    {
        if (Directory.Exists(target))
        {
            if (overrides.Length > 0)
                throw new UsageException($"{target} is the folder of a sweep, which is fixed; give the sweep's document to change values.");
            if (output is not null)
                throw new UsageException($"{target} is the folder of a sweep already; --output goes with a sweep's document.");
            var known = SweepVerb.Open(target);
            refuse(SweepStart.Problems(known, host.Registries));
            return known;
        }
        var source = DocumentFile.Read(Inputs.RequireFile(target));
        var plan = SweepPlan.Parse(source.Span, target, overrides, host.Registries);
        SweepVerb.Warn(host, plan.Warnings);
        var sweep = SweepFolder.Of(output ?? OutputFolder.Runs, plan);
        refuse(SweepStart.Problems(sweep, plan));
        OutputFolder.Create(sweep.Root);
        SweepFolder.Create(sweep, plan, source);
        return sweep;
    }

    private static int Run(CliHost host, SweepDirectory sweep, SweepWorkerOptions options)
    {
        using var ownership = sweep.Acquire();
        sweep.Claims.IsStopped = false;
        var outcome = SweepVerb.Work(host, sweep, options, host.Interruption.Listen());

        var report = SweepReport.Write(sweep.Root);
        SweepTableDisplay.Write(host.Output, report.Table);
        ReportVerb.Announce(host, report);
        host.Log.Console.WriteLine(SweepVerb.Conclusion(sweep, outcome));
        return SweepVerb.ExitCode(outcome);
    }
}
