using System.CommandLine;
using FixupNet.Cli.Host;

namespace FixupNet.Cli.Verbs;

/// <summary>"sweep stop": asks all workers of a sweep to end.</summary>
internal static class SweepStopVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var folder = SweepVerb.Folder();
        var verb = new Verb(
            "stop", "Asks all workers of a sweep, on all hosts, to end their trials with a checkpoint; \"sweep run\" lets them begin again.",
            "fixupnet sweep stop runs/depth-sweep-1a2b3c")
        {
            folder,
        };
        verb.SetAction(parsed =>
        {
            var sweep = SweepVerb.Open(parsed.GetRequiredValue(folder));
            sweep.Claims.IsStopped = true;
            host.Output.WriteLine($"All workers are asked to end. To go on: fixupnet sweep run {sweep.Root}");
            return ExitCodes.Success;
        });
        return verb;
    }
}
