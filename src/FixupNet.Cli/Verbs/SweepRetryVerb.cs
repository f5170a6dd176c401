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
            var count = SweepRunner.ResetFailed(sweep);
            host.Output.WriteLine(count == 0 ? "No trial has failed." : $"{count} failed trials are due again: fixupnet sweep run {sweep.Root}");
            return ExitCodes.Success;
        });
        return verb;
    }
}
