using System.CommandLine;
using FixupNet.Experiments.Sweeps;

namespace FixupNet.Cli.Verbs;

/// <summary>"sweep retry": makes failed trials due again.</summary>
internal static class SweepRetryVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var folder = SweepVerb.Folder();
        var verb = new Verb(
            "retry", "Makes the failed trials of a sweep due again; \"sweep run\" then runs them.",
            "fixupnet sweep retry runs/depth-sweep-1a2b3c")
        {
            folder,
        };
        verb.SetAction(parsed =>
        {
            var sweep = SweepVerb.Open(parsed.GetRequiredValue(folder));
            var (resetCount, heldCount) = FailedTrials.Reset(sweep, host.Clock);
            if (resetCount > 0) host.Output.WriteLine($"{resetCount} failed trials are due again: fixupnet sweep run {sweep.Root}");
            else if (heldCount == 0) host.Output.WriteLine("No trial has failed.");
            if (heldCount == 0) return ExitCodes.Success;
            host.Log.Console.WriteLine($"fixupnet: {heldCount} failed trials belong to a worker at this moment; try again once it has gone on to another one.");
            return ExitCodes.InUse;
        });
        return verb;
    }
}
