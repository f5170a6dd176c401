using System.CommandLine;
using FixupNet.Cli.Host;
using FixupNet.Registries;
using FixupNet.Training.Data;

namespace FixupNet.Cli.Verbs;

/// <summary>"data": the files of datasets.</summary>
internal static class DataVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host) => new Verb("data", "Lists, fetches, checks, exports and packs the files of datasets.", "fixupnet data fetch cifar10")
    {
        DataListVerb.Create(host),
        DataFetchVerb.Create(host),
        DataVerifyVerb.Create(host),
        DataExportVerb.Create(host),
        DataPackVerb.Create(host),
    };

    /// <summary>The folder of all datasets.</summary>
    public static Option<string?> Root() =>
        Inputs.Path("--root", "DIR", $"Folder of the datasets; default: {DataFolder.Variable}, else the user's data folder.");

    /// <summary>The datasets of these names.</summary>
    /// <exception cref="UnknownNameException">There is none of a name.</exception>
    public static IReadOnlyList<DatasetEntry> Find(CliHost host, IEnumerable<string> names) => [.. names.Select(name => host.Registries.Datasets[name])];
}
