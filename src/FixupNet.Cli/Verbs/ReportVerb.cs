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
        var folder = new Argument<string>("DIR") { Description = "The folder of a sweep or of a run." };
        var json = Inputs.Json();
        var verb = new Verb(
            "report", "Shows the results of a sweep, also while it runs, and writes them to its report folder; or the result of a run.",
            "fixupnet report runs/depth-sweep-1a2b3c")
        {
            folder, json,
        };
        verb.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(folder);
            if (new TrialDirectory(path).ReadSummary() is { } summary)
            {
                if (parsed.GetValue(json)) RunText.WriteJson(host.Output, summary);
                else RunText.Write(host.Output, new TrialDirectory(path), summary);
            }
            else ReportSweep(host, path, parsed.GetValue(json));
            return ExitCodes.Success;
        });
        return verb;
    }

    private static void ReportSweep(CliHost host, string path, bool asJson)
    {
        if (File.Exists(new TrialDirectory(path).ConfigFile))
            throw new FileNotFoundException($"{path} holds no summary.json: the run has not ended.");
        var report = SweepReport.Write(SweepVerb.Open(path).Root);
        if (asJson) host.Output.Write(SweepTableText.ToJson(report.Table));
        else SweepTableDisplay.Write(host.Output, report.Table);
        host.Log.Console.WriteLine($"Written: {string.Join(", ", report.Files)}");
    }
}
