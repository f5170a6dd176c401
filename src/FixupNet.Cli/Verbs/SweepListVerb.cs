using System.CommandLine;
using System.Globalization;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Sweeps;
using FixupNet.Runs;

namespace FixupNet.Cli.Verbs;

/// <summary>"sweep list": the sweeps of a folder.</summary>
internal static class SweepListVerb
{
    private sealed record ListedSweep(
        string Name, int TrialCount, IReadOnlyDictionary<string, int> States, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, long Bytes,
        int OtherBuildCount = 0, string? Problem = null);

    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var folder = new Argument<string>("DIR")
        {
            Description = "The folder of all runs; default: runs.", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => OutputFolder.Runs,
        };
        var json = Inputs.Json();
        var verb = new Verb("list", "Lists the sweeps of a folder: trials, states, when and how large.", "fixupnet sweep list", "fixupnet sweep list results --json")
        {
            folder, json,
        };
        verb.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(folder);
            if (!Directory.Exists(path) && path != OutputFolder.Runs) throw new DirectoryNotFoundException($"There is no folder {path}{Inputs.DidYouMeanPath(path)}.");
            List<ListedSweep> sweeps = [.. SweepFolder.All(path).Select(Describe)];
            if (parsed.GetValue(json)) RunText.WriteJson(host.Output, sweeps);
            else Write(host, path, sweeps);
            return ExitCodes.Success;
        });
        return verb;
    }

    private static void Write(CliHost host, string path, IReadOnlyList<ListedSweep> sweeps)
    {
        if (sweeps.Count == 0)
        {
            host.Log.Console.WriteLine($"{path} holds no sweep.");
            return;
        }
        string[] otherBuild = sweeps.Any(sweep => sweep.OtherBuildCount > 0) ? [">of another build"] : [];
        var table = new TextTable(["sweep", ">trials", "states", .. otherBuild, "created (UTC)", "changed (UTC)", ">size"]);
        foreach (var sweep in sweeps)
            table.Add(
            [
                sweep.Name, $"{sweep.TrialCount}", sweep.Problem ?? string.Join(", ", sweep.States.Select(pair => $"{pair.Value} {pair.Key}")),
                .. otherBuild.Select(_ => Count(sweep.OtherBuildCount)), Time(sweep.CreatedAt), Time(sweep.ChangedAt), RunText.Bytes(sweep.Bytes),
            ]);
        table.WriteTo(host.Output, host.OutputWidth);
    }

    private static string Count(int count) => count == 0 ? "" : count.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static ListedSweep Describe(SweepDirectory sweep)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(sweep.Root));
        var files = new DirectoryInfo(sweep.Root).EnumerateFiles("*", SearchOption.AllDirectories).Select(file => (file.Length, file.LastWriteTimeUtc)).ToList();
        var (created, changed) = (File.GetLastWriteTimeUtc(sweep.PlanFile), files.Max(file => file.LastWriteTimeUtc));
        var listed = new ListedSweep(name, 0, new Dictionary<string, int>(), created, changed, files.Sum(file => file.Length));
        try
        {
            var plan = sweep.ReadPlan();
            var states = plan.CountBy(line => TrialPlace.StateOf(sweep.Trial(line))).OrderBy(pair => pair.Key).ToDictionary(pair => RunText.Name(pair.Key), pair => pair.Value);
            return listed with { TrialCount = plan.Count, States = states, OtherBuildCount = OtherBuilds.Find(sweep, plan).Count };
        }
        catch (InvalidDataException error)
        {
            // One damaged sweep must not hide the others.
            return listed with { Problem = error.Message };
        }
    }
}
