using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Reporting;
using FixupNet.Runs;

namespace FixupNet.Cli.Verbs;

/// <summary>"report": what a sweep or a run has shown.</summary>
internal static class ReportVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var folders = new Argument<string[]>("DIR") { Description = "The folder of a sweep or of a run; several, one after the other.", Arity = ArgumentArity.OneOrMore };
        var json = Inputs.Json();
        var verb = new Verb(
            "report", "Shows the results of a sweep, also while it runs, and writes its report: a page, tables and figures; or shows the result of a run.",
            "fixupnet report runs/depth-sweep-1a2b3c")
        {
            folders, json,
        };
        verb.SetAction(parsed =>
        {
            var paths = parsed.GetRequiredValue(folders);
            var asJson = parsed.GetValue(json);
            if (asJson && paths.Length > 1) throw new UsageException("--json writes one document; give one folder at a time.");
            foreach (var path in paths) Report(host, path, asJson);
            return ExitCodes.Success;
        });
        return verb;
    }

    /// <summary>Tells where a report was written.</summary>
    public static void Announce(CliHost host, SweepReportResult report) => host.Log.Console.WriteLine(
        $"Report: {report.Page} (beside it {report.Files.Count(file => file.EndsWith(".svg", StringComparison.Ordinal))} figures as SVG, and the table as "
        + "Markdown, CSV and JSON)");

    private static void Report(CliHost host, string path, bool asJson)
    {
        if (new TrialDirectory(path).ReadSummary() is { } summary)
        {
            if (asJson) RunText.WriteJson(host.Output, summary);
            else RunText.Write(host.Output, new TrialDirectory(path), summary);
        }
        else ReportSweep(host, path, asJson);
    }

    private static void ReportSweep(CliHost host, string path, bool asJson)
    {
        if (File.Exists(new TrialDirectory(path).ConfigFile))
            throw new FileNotFoundException($"{path} holds no summary.json: the run has not ended.");
        var report = SweepReport.Write(SweepVerb.Open(path).Root);
        if (asJson) host.Output.Write(SweepTableText.ToJson(report.Table));
        else SweepTableDisplay.Write(host.Output, report.Table);
        Announce(host, report);
    }
}
