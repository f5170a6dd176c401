using System.CommandLine;
using FixupNet.Cli.Host;
using FixupNet.Reporting.Exports;

namespace FixupNet.Cli.Verbs;

/// <summary>"export": the records of a sweep or a run for other tools.</summary>
internal static class ExportVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a sweep or of a run." };
        var format = Inputs.Choice("--to", "The format", RunExport.Formats);
        format.Required = true;
        format.DefaultValueFactory = null;
        var output = Inputs.Path("--output", "DIR", "Where to; default: export/FORMAT in the folder.");
        var verb = new Verb(
            "export", "Writes metrics, gradient norms and summaries for pandas, NumPy or TensorBoard.",
            "fixupnet export runs/quickstart-1a2b3c --to csv", "fixupnet export runs/quickstart-1a2b3c --to tensorboard --output board")
        {
            folder, format, output,
        };
        verb.SetAction(parsed =>
        {
            var (path, name) = (parsed.GetRequiredValue(folder), parsed.GetRequiredValue(format));
            if (!Directory.Exists(path)) throw new DirectoryNotFoundException($"There is no folder {path}{Inputs.DidYouMeanPath(path)}.");
            var target = OutputFolder.Create(parsed.GetValue(output) ?? RunExport.DefaultFolder(path, name));
            var files = RunExport.Write(path, name, target);
            if (files.Count == 0) host.Log.Console.WriteLine($"{path} holds no records yet: nothing was written.");
            foreach (var file in files) host.Output.WriteLine(file);
            return ExitCodes.Success;
        });
        return verb;
    }
}
