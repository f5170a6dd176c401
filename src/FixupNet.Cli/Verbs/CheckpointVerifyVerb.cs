using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Runs;
using FixupNet.Runs.Checkpoints;

namespace FixupNet.Cli.Verbs;

/// <summary>"checkpoint verify": whether the checkpoints of a run are what was written.</summary>
internal static class CheckpointVerifyVerb
{
    private sealed record Verdict(string Folder, bool IsIntact, long? Step, long? Bytes, string? Problem);

    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a run, or of one checkpoint." };
        var json = Inputs.Json();
        var verb = new Verb(
            "verify", "Checks every file of a run's checkpoints against its checksum; changes nothing.",
            "fixupnet checkpoint verify runs/first")
        {
            folder, json,
        };
        verb.SetAction(parsed =>
        {
            var verdicts = Folders(parsed.GetRequiredValue(folder)).Select(Verify).ToList();
            if (parsed.GetValue(json)) RunText.WriteJson(host.Output, verdicts);
            else Write(host.Output, verdicts);
            return verdicts.All(verdict => verdict.IsIntact) ? ExitCodes.Success : ExitCodes.BadData;
        });
        return verb;
    }

    private static List<string> Folders(string path)
    {
        if (File.Exists(Path.Combine(path, CheckpointManifest.FileName))) return [path];
        var run = new TrialDirectory(path);
        List<string> folders = [.. new CheckpointStore(run, keep: 1).List().Select(name => Path.Combine(run.CheckpointsFolder, name))];
        if (folders.Count > 0) return folders;
        throw new FileNotFoundException(Directory.Exists(path) ? $"{path} holds no checkpoint." : $"There is no folder {path}{Inputs.DidYouMeanPath(path)}.");
    }

    private static Verdict Verify(string folder)
    {
        try
        {
            var manifest = Checkpoint.Verify(folder).Manifest;
            return new Verdict(folder, true, manifest.Step, manifest.Files.Sum(file => file.Bytes), null);
        }
        catch (InvalidDataException error)
        {
            return new Verdict(folder, false, null, null, error.Message);
        }
    }

    private static void Write(TextWriter output, List<Verdict> verdicts)
    {
        var table = new TextTable("checkpoint", "state");
        foreach (var verdict in verdicts) table.Add(verdict.Folder, verdict.IsIntact ? $"intact, {RunText.Bytes(verdict.Bytes!.Value)}" : verdict.Problem!);
        table.WriteTo(output);
    }
}
