using System.CommandLine;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Sweeps;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Verbs;

/// <summary>"sweep retry": makes trials due again.</summary>
internal static class SweepRetryVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var (folder, choice) = (SweepVerb.Folder(), new TrialChoiceInputs("Which trials"));
        var verb = new Verb(
            "retry", "Makes trials of a sweep due again, the failed ones where none are picked; \"sweep run\" then runs them. One that failed goes on from its last "
            + "checkpoint, every other one begins anew, and what it left is kept in the folder replaced.",
            "fixupnet sweep retry runs/depth-sweep-1a2b3c", "fixupnet sweep retry runs/depth-sweep-1a2b3c --trial 3,8-11",
            "fixupnet sweep retry runs/depth-sweep-1a2b3c --state diverged")
        {
            folder, choice.Trial, choice.State,
        };
        verb.SetAction(parsed =>
        {
            var sweep = SweepVerb.Open(parsed.GetRequiredValue(folder));
            var picked = choice.Read(parsed);
            return Retry(host, sweep, picked.IsEmpty ? new TrialChoice([], [TrialState.Failed]) : picked);
        });
        return verb;
    }

    /// <summary>Makes trials due again and tells which.</summary>
    /// <returns>The exit code: that of a folder in use where workers hold some.</returns>
    internal static int Retry(CliHost host, SweepDirectory sweep, TrialChoice choice)
    {
        var counts = RepeatedTrials.Reset(sweep, choice.Of(sweep, sweep.ReadPlan()), host.Clock);
        if (counts.Due.Count > 0)
        {
            var kept = counts.KeptCount > 0 ? $" What {counts.KeptCount} of them left is kept in {sweep.ReplacedFolder}." : "";
            host.Output.WriteLine($"{counts.Due.Count} {Trials(counts.Due.Count)} due again: fixupnet sweep run {sweep.Root}{kept}");
        }
        else if (counts.HeldCount == 0)
        {
            host.Output.WriteLine(choice is { Trials.Count: 0, States: [TrialState.Failed] } ? "No trial has failed." : "No trial is in that state.");
        }
        if (counts.HeldCount == 0) return ExitCodes.Success;
        host.Log.Console.WriteLine($"fixupnet: {SweepVerb.Trials(counts.HeldCount)} held by a worker at this moment; try again once it has gone on to another one.");
        return ExitCodes.InUse;
    }

    private static string Trials(int count) => count == 1 ? "trial is" : "trials are";
}
