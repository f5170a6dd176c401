using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Training.Data;

namespace FixupNet.Cli.Verbs;

/// <summary>"data list": which datasets are there.</summary>
internal static class DataListVerb
{
    private sealed record Place(string Name, int? ClassCount, bool IsComplete, string? Folder, IReadOnlyList<string> MissingFiles);

    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var (root, json) = (DataVerb.Root(), Inputs.Json());
        var verb = new Verb("list", "Tells which datasets are there, and where.", "fixupnet data list") { root, json };
        verb.SetAction(parsed =>
        {
            List<Place> places = [.. host.Registries.Datasets.Select(entry => Find(entry, parsed.GetValue(root)))];
            if (parsed.GetValue(json)) RunText.WriteJson(host.Output, places);
            else Write(host.Output, places);
            return ExitCodes.Success;
        });
        return verb;
    }

    private static Place Find(DatasetEntry entry, string? root)
    {
        if (entry.Layout is not { } layout) return new(entry.Name, entry.ClassNames?.Count, !entry.NeedsFiles, null, []);
        var folder = layout.Candidates(root).MinBy(candidate => Missing(layout, candidate).Count)!;
        var missing = Missing(layout, folder);
        return new(entry.Name, entry.ClassNames?.Count, missing.Count == 0, folder, missing);
    }

    // A file may also lie there as it was downloaded, packed.
    private static List<string> Missing(DatasetLayout layout, string folder) =>
    [
        .. layout.Files.Select(file => Path.Combine(folder, file.Name)).Where(file => !File.Exists(file) && !File.Exists(file + ".gz"))
            .Select(file => Path.GetFileName(file)),
    ];

    private static void Write(TextWriter output, List<Place> places)
    {
        var table = new TextTable("dataset", ">classes", "state", "folder");
        foreach (var place in places)
        {
            var state = place.ClassCount is null ? "a folder of your own" : place.Folder is null ? "needs no files" : place.IsComplete ? "there" : $"{place.MissingFiles.Count} files missing";
            table.Add(place.Name, place.ClassCount is { } count ? $"{count}" : "-", state, place.Folder ?? "");
        }
        table.WriteTo(output);
    }
}
