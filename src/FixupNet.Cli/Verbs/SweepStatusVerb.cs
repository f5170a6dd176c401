using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Experiments.Sweeps;

namespace FixupNet.Cli.Verbs;

/// <summary>"sweep status": where each trial of a sweep stands, also while it runs.</summary>
internal static class SweepStatusVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var (folder, json) = (SweepVerb.Folder(), Inputs.Json());
        var watch = new Option<bool>("--watch")
        {
            Description = "Go on until every trial has ended: drawn anew on a terminal, elsewhere a line a change.",
        };
        var verb = new Verb(
            "status", "Tells where each trial of a sweep stands, and which worker has it.",
            "fixupnet sweep status runs/depth-sweep-1a2b3c", "fixupnet sweep status runs/depth-sweep-1a2b3c --watch")
        {
            folder, json, watch,
        };
        verb.SetAction(parsed =>
        {
            var sweep = SweepVerb.Open(parsed.GetRequiredValue(folder));
            if (parsed.GetValue(watch) && parsed.GetValue(json)) throw new UsageException("--watch writes text; leave out --json, or ask again for it.");
            if (parsed.GetValue(watch)) new SweepWatch(host, sweep).Run();
            else if (parsed.GetValue(json)) RunText.WriteJson(host.Output, TrialPlace.ReadAll(sweep, new TrialOwners(sweep, host.Clock)));
            else TrialPlace.Write(host.Output, TrialPlace.ReadAll(sweep, new TrialOwners(sweep, host.Clock)));
            return ExitCodes.Success;
        });
        return verb;
    }
}
