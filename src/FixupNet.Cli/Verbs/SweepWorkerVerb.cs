using System.CommandLine;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Sweeps;

namespace FixupNet.Cli.Verbs;

/// <summary>"sweep worker": works on a sweep beside any number of others.</summary>
internal static class SweepWorkerVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var (folder, maxTrials, failFast) = (SweepVerb.Folder(), SweepVerb.MaxTrials(), SweepVerb.FailFast());
        var threads = Inputs.Count<int>("--threads", "CPU threads of each trial; default: one a physical core.");
        var lease = Inputs.Count<int>("--lease-seconds", "After so long without a sign of life, workers on other hosts take over this one's trial; default 30.");
        var noWait = new Option<bool>("--no-wait") { Description = "End once the trials that are left belong to workers known to live, instead of staying to take over from those that die." };
        var device = Inputs.Device();
        // How a batch script asks it to end; see SlurmScript.
        var supervised = new Option<bool>("--supervised") { Hidden = true };
        var verb = new Verb(
            "worker", "Works on a sweep, beside any number of other workers on any hosts that share the folder.",
            "fixupnet sweep worker runs/depth-sweep-1a2b3c", "fixupnet sweep worker runs/depth-sweep-1a2b3c --threads 4 --no-wait")
        {
            folder, maxTrials, threads, device, lease, noWait, failFast, supervised,
        };
        verb.SetAction(parsed =>
        {
            var sweep = SweepVerb.Open(parsed.GetRequiredValue(folder));
            List<ConfigError> unknown = [.. SweepStart.Problems(sweep, host.Registries).Where(problem => problem.Kind == ProblemKind.Invalid)];
            if (unknown.Count > 0) throw new ConfigException(unknown);
            var defaults = new SweepWorkerOptions();
            var options = defaults with
            {
                ThreadsPerTrial = parsed.GetValue(threads),
                MaxTrials = parsed.GetValue(maxTrials),
                FailFast = parsed.GetValue(failFast),
                LeaseSeconds = parsed.GetValue(lease) ?? defaults.LeaseSeconds,
                Device = parsed.GetRequiredValue(device),
                Wait = !parsed.GetValue(noWait),
            };
            SweepVerb.Refuse(host, SweepStart.Problems(sweep, host.Registries, options));
            var cancellation = parsed.GetValue(supervised)
                ? host.Interruption.ListenToSupervisor(Console.OpenStandardInput())
                : host.Interruption.Listen();
            var outcome = SweepVerb.Work(host, sweep, options, cancellation);
            host.Log.Console.WriteLine(SweepVerb.Conclusion(sweep, outcome));
            // Whoever starts workers again on 75 must not do so once the sweep is stopped.
            return outcome.IsStopped ? ExitCodes.Success : SweepVerb.ExitCode(outcome);
        });
        return verb;
    }
}
