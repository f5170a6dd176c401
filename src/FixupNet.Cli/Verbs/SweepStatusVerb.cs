using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Sweeps;
using FixupNet.Runs;

namespace FixupNet.Cli.Verbs;

/// <summary>"sweep status": where each trial of a sweep stands, also while it runs.</summary>
internal static class SweepStatusVerb
{
    private sealed record SweepStatus(string Directory, IReadOnlyList<TrialPlace> Trials);

    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var folders = new Argument<string[]>("DIR") { Description = "The folders of sweeps.", Arity = ArgumentArity.OneOrMore };
        var json = Inputs.Json();
        var watch = new Option<bool>("--watch")
        {
            Description = "Go on until every trial has ended: drawn anew on a terminal, elsewhere a line a change.",
        };
        var verb = new Verb(
            "status", "Tells where each trial of a sweep stands, and which worker has it.",
            "fixupnet sweep status runs/depth-sweep-1a2b3c", "fixupnet sweep status runs/depth-sweep-1a2b3c --watch")
        {
            folders, json, watch,
        };
        verb.SetAction(parsed =>
        {
            List<SweepDirectory> sweeps = [.. parsed.GetRequiredValue(folders).Select(SweepVerb.Open)];
            var (asJson, isWatched) = (parsed.GetValue(json), parsed.GetValue(watch));
            if (isWatched && asJson) throw new UsageException("--watch writes text; leave out --json, or ask again for it.");
            if (isWatched && sweeps.Count > 1) throw new UsageException("--watch shows one sweep; give one folder.");
            if (isWatched) new SweepWatch(host, sweeps[0]).Run();
            else if (asJson && sweeps is [var sweep]) RunText.WriteJson(host.Output, Places(host, sweep));
            else if (asJson) RunText.WriteJson(host.Output, sweeps.ConvertAll(one => new SweepStatus(one.Root, Places(host, one))));
            else foreach (var one in sweeps) Write(host, one, isNamed: sweeps.Count > 1);
            return ExitCodes.Success;
        });
        return verb;
    }

    private static IReadOnlyList<TrialPlace> Places(CliHost host, SweepDirectory sweep) => TrialPlace.ReadAll(sweep, new TrialOwners(sweep, host.Clock));

    private static void Write(CliHost host, SweepDirectory sweep, bool isNamed)
    {
        if (isNamed) host.Output.WriteLine($"{PrintableText.Of(sweep.Root)}:");
        TrialPlace.Write(host, Places(host, sweep));
        SweepVerb.TellOtherBuilds(host.Output.WriteLine, sweep, sweep.ReadPlan());
        if (isNamed) host.Output.WriteLine();
    }
}
