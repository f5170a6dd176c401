using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Training.Data;

namespace FixupNet.Cli.Verbs;

/// <summary>"data verify": checks every file of datasets.</summary>
internal static class DataVerifyVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var names = new Argument<string[]>("DATASET") { Description = "Names of datasets.", Arity = ArgumentArity.OneOrMore };
        var (root, json) = (DataVerb.Root(), Inputs.Json());
        var verb = new Verb(
            "verify", "Checks size, labels and published sum of every file of datasets.",
            "fixupnet data verify cifar10")
        {
            names, root, json,
        };
        verb.SetAction(parsed =>
        {
            var entries = DataVerb.Find(host, parsed.GetRequiredValue(names)).Where(entry => entry.Layout is not null);
            List<FileVerification> files = [.. entries.SelectMany(entry => DatasetVerifier.Verify(entry, parsed.GetValue(root)))];
            if (parsed.GetValue(json)) RunText.WriteJson(host.Output, files);
            else foreach (var file in files) host.Output.WriteLine($"{file.Path}: {file.Message}");
            if (files.Any(file => file.State == FileState.Corrupt)) return ExitCodes.BadData;
            return files.Any(file => file.State == FileState.Missing) ? ExitCodes.NoInput : ExitCodes.Success;
        });
        return verb;
    }
}
