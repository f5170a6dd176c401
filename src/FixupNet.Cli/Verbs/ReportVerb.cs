using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
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
        var output = Inputs.Path("--output", "DIR", "Folder of the report; default: report in DIR. Of several, the folder in which each gets one of its own.");
        var json = Inputs.Json();
        var verb = new Verb(
            "report", "Shows the results of a sweep or of a run, also while it goes on, and writes its report: a page, tables and figures.",
            "fixupnet report runs/depth-sweep-1a2b3c", "fixupnet report /archive/depth-sweep-1a2b3c --output runs/archived-report")
        {
            folders, output, json,
        };
        verb.SetAction(parsed =>
        {
            var paths = parsed.GetRequiredValue(folders);
            var asJson = parsed.GetValue(json);
            if (asJson && paths.Length > 1) throw new UsageException("--json writes one document; give one folder at a time.");
            foreach (var (path, folder) in paths.Zip(Folders(paths, parsed.GetValue(output)))) Report(host, path, folder, asJson);
            return ExitCodes.Success;
        });
        return verb;
    }

    /// <summary>Tells where a report was written.</summary>
    public static void Announce(CliHost host, SweepReportResult report) => host.Log.Console.WriteLine(
        $"Report: {report.Page} (beside it {report.Files.Count(file => file.EndsWith(".svg", StringComparison.Ordinal))} figures as SVG, and the tables as "
        + "Markdown, CSV and JSON)");

    // Null for the usual one.
    private static IEnumerable<string?> Folders(string[] paths, string? output)
    {
        if (output is null || paths.Length == 1) return paths.Select(_ => output);
        List<string> names = [.. paths.Select(path => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))))];
        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new UsageException($"two folders are called {twice.Key}, and their reports would be one; give them one at a time.");
        return names.Select(name => Path.Combine(output, name));
    }

    private static void Report(CliHost host, string path, string? folder, bool asJson)
    {
        // What is known is shown first: the folder may be one that nobody may write to.
        var run = new TrialDirectory(path);
        if (File.Exists(run.ConfigFile) || run.IsEnded) ShowRun(host, run, asJson);
        else ShowSweep(host, SweepVerb.Open(path), asJson);
        Announce(host, Write(path, folder));
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
        var table = SweepTableReader.Read(sweep.Root);
        if (asJson) host.Output.Write(SweepTableText.ToJson(table));
        else SweepTableDisplay.Write(host, table);
        SweepVerb.TellOtherBuilds(host.Log.Console.WriteLine, sweep, sweep.ReadPlan());
    }

    private static SweepReportResult Write(string path, string? folder)
    {
        try
        {
            if (folder is not null) OutputFolder.Create(folder);
            return SweepReport.Write(path, folder);
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
