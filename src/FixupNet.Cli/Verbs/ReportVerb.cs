using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Reporting;
using FixupNet.Reporting.Results;
using FixupNet.Reporting.Tables;
using FixupNet.Runs;

namespace FixupNet.Cli.Verbs;

/// <summary>"report": what a sweep or a run has shown, or several together.</summary>
internal static class ReportVerb
{
    private static readonly IReadOnlyDictionary<string, JointGrouping> Groupings = new Dictionary<string, JointGrouping>
    {
        ["auto"] = JointGrouping.Auto,
        ["apart"] = JointGrouping.Apart,
        ["together"] = JointGrouping.Together,
    };

    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var folders = new Argument<string[]>("DIR") { Description = "The folder of a sweep or of a run; several make one report.", Arity = ArgumentArity.OneOrMore };
        var output = Inputs.Path("--output", "DIR", "Folder of the report; default: report in DIR, of several in runs/joint/…");
        var groups = Inputs.Choice(
            "--groups", "Equal configurations of several folders; auto: apart where the same seed was trained in more than one of them", [.. Groupings.Keys]);
        var json = Inputs.Json();
        var verb = new Verb(
            "report", "Shows the results of a sweep or of a run, also while it goes on, and writes its report: a page, tables and figures. Several make one report.",
            "fixupnet report runs/depth-sweep-1a2b3c", "fixupnet report /archive/depth-sweep-1a2b3c --output runs/archived-report",
            "fixupnet report runs/before-1a2b3c runs/after-4d5e6f --groups apart")
        {
            folders, output, groups, json,
        };
        verb.SetAction(parsed =>
        {
            var (paths, grouping) = (parsed.GetRequiredValue(folders), Groupings[parsed.GetRequiredValue(groups)]);
            Inputs.RequireDifferentFolders(paths);
            if (paths.Length == 1 && grouping != JointGrouping.Auto) throw new UsageException("--groups goes with several folders.");
            // What is known is shown first: the folder may be one that nobody may write to.
            if (paths is [var path]) ShowOne(host, path, parsed.GetValue(json));
            else ShowSeveral(host, paths, grouping, parsed.GetValue(json));
            Announce(host, Write(paths, parsed.GetValue(output), grouping));
            return ExitCodes.Success;
        });
        return verb;
    }

    /// <summary>Tells where a report was written.</summary>
    public static void Announce(CliHost host, SweepReportResult report) => host.Log.Console.WriteLine(
        $"Report: {report.Page} (beside it {report.Files.Count(file => file.EndsWith(".svg", StringComparison.Ordinal))} figures as SVG, and the tables as "
        + "Markdown, CSV and JSON)");

    private static bool IsRun(string path) => new TrialDirectory(path) is var run && (File.Exists(run.ConfigFile) || run.IsEnded);

    private static void ShowOne(CliHost host, string path, bool asJson)
    {
        if (IsRun(path)) ShowRun(host, new TrialDirectory(path), asJson);
        else ShowSweep(host, SweepVerb.Open(path), asJson);
    }

    private static void ShowRun(CliHost host, TrialDirectory run, bool asJson)
    {
        if (run.ReadSummary() is { } summary)
        {
            if (asJson) RunText.WriteJson(host.Output, summary);
            else RunText.Write(host.Output, run, summary);
        }
        else if (run.ReadStatus() is { } status)
        {
            if (asJson) RunText.WriteJson(host.Output, status);
            else RunText.Write(host.Output, run, status);
        }
        else throw new FileNotFoundException($"{run.Root} holds neither summary.json nor status.json: the run has not begun.");
    }

    private static void ShowSweep(CliHost host, SweepDirectory sweep, bool asJson)
    {
        ShowTable(host, SweepTableReader.Read(sweep.Root), asJson);
        SweepVerb.TellOtherBuilds(host.Log.Console.WriteLine, sweep, sweep.ReadPlan());
    }

    private static void ShowSeveral(CliHost host, string[] paths, JointGrouping grouping, bool asJson)
    {
        List<SweepDirectory> sweeps = [.. paths.Where(path => !IsRun(path)).Select(SweepVerb.Open)];
        ShowTable(host, SweepTableReader.Read(paths, grouping), asJson);
        foreach (var sweep in sweeps) SweepVerb.TellOtherBuilds(host.Log.Console.WriteLine, sweep, sweep.ReadPlan());
    }

    private static void ShowTable(CliHost host, SweepTable table, bool asJson)
    {
        if (asJson) host.Output.Write(SweepTableText.ToJson(table));
        else SweepTableDisplay.Write(host, table);
    }

    private static SweepReportResult Write(string[] paths, string? folder, JointGrouping grouping)
    {
        try
        {
            if (folder is not null) OutputFolder.Create(folder);
            return paths is [var path]
                ? SweepReport.Write(path, folder)
                : SweepReport.Write(paths, folder ?? OutputFolder.Create(SweepReport.DefaultFolder(SweepReport.JointFolder(OutputFolder.Runs, paths))), grouping);
        }
        catch (UnauthorizedAccessException error) when (folder is null)
        {
            throw new UnauthorizedAccessException(Elsewhere(error), error);
        }
        catch (IOException error) when (folder is null && error is not FileNotFoundException)
        {
            throw new IOException(Elsewhere(error), error);
        }
    }

    private static string Elsewhere(Exception error) => $"{error.Message.TrimEnd('.')}; --output DIR writes the report to another folder.";
}
