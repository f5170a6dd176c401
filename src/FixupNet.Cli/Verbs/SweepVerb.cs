using System.CommandLine;
using FixupNet.Runs;

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
            SweepStatusVerb.Create(host),
            SweepRetryVerb.Create(host),
        };

    /// <summary>The folder of a sweep that exists.</summary>
    public static Argument<string> Folder() => new("DIR") { Description = "The folder of a sweep." };

    /// <summary>Changes to a sweep's document.</summary>
    public static Argument<string[]> Overrides() =>
        Inputs.Overrides("Changes: training.epochs=1 sets a value, model.depth=20,56 makes it a list to go through.");

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
