using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Training.Data;
using FixupNet.Training.Data.Images;

namespace FixupNet.Cli.Verbs;

/// <summary>"data verify": checks every file of datasets, and every image of folders.</summary>
internal static class DataVerifyVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var names = new Argument<string[]>("DATASET|DIR") { Description = "Names of datasets, folders with images as train/CLASS/* and val/CLASS/*, or packed files.", Arity = ArgumentArity.OneOrMore };
        var (root, json) = (DataVerb.Root(), Inputs.Json());
        var verb = new Verb(
            "verify", "Checks size, labels and published sum of every file of datasets; decodes every image of folders.",
            "fixupnet data verify cifar10", "fixupnet data verify data/imagenette")
        {
            names, root, json,
        };
        verb.SetAction(parsed =>
        {
            var folders = parsed.GetRequiredValue(names).Where(path => Directory.Exists(path) || File.Exists(path)).ToList();
            var entries = DataVerb.Find(host, parsed.GetRequiredValue(names).Except(folders)).Where(entry => entry.Layout is not null);
            List<FileVerification> files = [.. entries.SelectMany(entry => DatasetVerifier.Verify(entry, parsed.GetValue(root)))];
            List<FolderFinding> findings = [.. folders.SelectMany(folder => Findings(host, folder))];
            if (parsed.GetValue(json)) RunText.WriteJson(host.Output, (object[])[.. files, .. findings]);
            else foreach (var file in files) host.Output.WriteLine($"{file.Path}: {file.Message}");
            if (!parsed.GetValue(json)) foreach (var finding in findings) host.Output.WriteLine($"{finding.Path} {finding.Message}");
            if (findings.Any(finding => finding.IsError) || files.Any(file => file.State == FileState.Corrupt)) return ExitCodes.BadData;
            return files.Any(file => file.State == FileState.Missing) ? ExitCodes.NoInput : ExitCodes.Success;
        });
        return verb;
    }

    private static IReadOnlyList<FolderFinding> Findings(CliHost host, string path)
    {
        IImageCollection folder = File.Exists(path) ? PackedImages.Open(path) : ImageFolder.Scan(path);
        var findings = ImageFolderCheck.Run(folder);
        host.Error.WriteLine($"{path}: {folder.ClassNames.Count} classes, {folder.Train.Count} + {folder.Test.Count} images, {findings.Count(finding => finding.IsError)} errors");
        return findings;
    }
}
