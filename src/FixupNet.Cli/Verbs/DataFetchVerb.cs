using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Training.Data;

namespace FixupNet.Cli.Verbs;

/// <summary>"data fetch": loads what is missing of datasets from their publishers.</summary>
internal static class DataFetchVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var names = new Argument<string[]>("DATASET") { Description = "Names of datasets.", Arity = ArgumentArity.OneOrMore };
        var root = DataVerb.Root();
        var verb = new Verb(
            "fetch", "Loads what is missing of datasets from their publishers, or from an archive or CIFAR's Python version that is there, and checks it.",
            "fixupnet data fetch cifar10")
        {
            names, root,
        };
        verb.SetAction(parsed =>
        {
            var entries = DataVerb.Find(host, parsed.GetRequiredValue(names));
            using var fetcher = new DatasetFetcher();
            var cancellation = host.Interruption.Listen();
            foreach (var entry in entries) Fetch(host, fetcher, entry, parsed.GetValue(root), cancellation);
            return ExitCodes.Success;
        });
        return verb;
    }

    private static void Fetch(CliHost host, DatasetFetcher fetcher, DatasetEntry entry, string? root, CancellationToken cancellation)
    {
        if (entry.Layout is null)
        {
            host.Output.WriteLine(entry.NeedsFiles ? $"{entry.Name} is a folder of your own: name it in dataset.root." : $"{entry.Name} needs no files.");
            return;
        }
        var progress = new FetchDisplay(host.Log.Console, host.Clock);
        var result = fetcher.FetchAsync(entry, root, progress, cancellation).GetAwaiter().GetResult();
        var sources = result.Sources.Count > 0 ? $"; made of {string.Join(", ", result.Sources)}" : "";
        host.Output.WriteLine($"{entry.Name}: {result.Fetched.Count} files fetched, {result.Kept.Count} were there, in {result.Folder}{sources}");
    }
}
