using System.CommandLine;
using FixupNet.Cli.Host;
using FixupNet.Reporting;
using FixupNet.Reporting.Exports;

namespace FixupNet.Cli.Verbs;

/// <summary>"export": the records of a sweep or a run for other tools.</summary>
internal static class ExportVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var folders = new Argument<string[]>("DIR") { Description = "The folder of a sweep or of a run; several make one export.", Arity = ArgumentArity.OneOrMore };
        var format = Inputs.Choice("--to", "The format", RunExport.Formats);
        format.Required = true;
        format.DefaultValueFactory = null;
        var output = Inputs.Path("--output", "DIR", "Where to; default: export/FORMAT in the folder, of several in runs/joint/…");
        var verb = new Verb(
            "export", "Writes metrics, gradient norms and summaries for pandas, NumPy or TensorBoard.",
            "fixupnet export runs/quickstart-1a2b3c --to csv", "fixupnet export runs/before-1a2b3c runs/after-4d5e6f --to csv",
            "fixupnet export runs/quickstart-1a2b3c --to tensorboard --output board")
        {
            folders, format, output,
        };
        verb.SetAction(parsed =>
        {
            var (paths, name) = (parsed.GetRequiredValue(folders), parsed.GetRequiredValue(format));
            foreach (var path in paths) if (!Directory.Exists(path)) throw new DirectoryNotFoundException($"There is no folder {path}{Inputs.DidYouMeanPath(path)}.");
            Inputs.RequireDifferentFolders(paths);
            var files = RunExport.Write(paths, name, OutputFolder.Create(parsed.GetValue(output) ?? RunExport.DefaultFolder(Folder(paths), name)));
            if (files.Count == 0) host.Log.Console.WriteLine($"{string.Join(" and ", paths)} holds no records yet: nothing was written.");
            foreach (var file in files) host.Output.WriteLine(file);
            return ExitCodes.Success;
        });
        return verb;
    }

    private static string Folder(string[] paths) => paths is [var path] ? path : SweepReport.JointFolder(OutputFolder.Runs, paths);
}
