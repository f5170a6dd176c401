using System.Text.Json;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Configuration.Schema;

namespace FixupNet.Experiments.Configuration;

/// <summary>Completes the files and folders that documents name: a relative path means the folder of the document it was written in, and on
/// the command line the current folder. Once it is full, every process in whatever folder means the same file.</summary>
/// <param name="root">The schema of train documents.</param>
internal sealed class DocumentPaths(ObjectSchema root)
{
    /// <summary>A train document with full paths.</summary>
    public ConfigObject Complete(ConfigObject document) => (ConfigObject)Complete(document, [root]);

    /// <summary>The value of a key with full paths; of a list of values, each.</summary>
    /// <param name="path">The keys down to the value.</param>
    /// <param name="value">The value, not resolved yet.</param>
    public ConfigNode Complete(IEnumerable<string> path, ConfigNode value) =>
        Complete(value, [.. path.Aggregate<string, IEnumerable<ValueSchema>>([root], (level, key) => level.SelectMany(schema => schema.Children(key)))]);

    private static ConfigNode Complete(ConfigNode node, IReadOnlyList<ValueSchema> schemas) => node switch
    {
        _ when schemas.Count == 0 => node,
        ConfigObject section => new ConfigObject(section.Place, [.. section.Members.Select(member => Complete(member, schemas))]),
        ConfigArray array => new ConfigArray(array.Place, [.. array.Items.Select(item => Complete(item, schemas))]),
        ConfigScalar { Kind: JsonValueKind.String, Text: var text } when schemas.Any(schema => schema is TextSchema { IsPath: true }) && IsRelative(text) =>
            ConfigScalar.String(node.Place, Path.GetFullPath(Path.Combine(FolderOf(node.Place), text))),
        _ => node,
    };

    private static KeyValuePair<string, ConfigNode> Complete(KeyValuePair<string, ConfigNode> member, IReadOnlyList<ValueSchema> schemas) =>
        new(member.Key, Complete(member.Value, [.. schemas.SelectMany(schema => schema.Children(member.Key))]));

    // What is no path at all is an error that the schema tells.
    private static bool IsRelative(string text) =>
        text.Length is > 0 and <= TextSchema.MaxLength && !text.Any(char.IsControl) && !Path.IsPathFullyQualified(text);

    // A document that comes through a pipe, /dev/stdin or /dev/fd/63, lies in no folder of its own.
    private static string FolderOf(ConfigPlace place)
    {
        var folder = place == ConfigPlace.CommandLine ? "" : Path.GetDirectoryName(place.File) ?? "";
        return folder == "/dev" || folder.StartsWith("/dev/", StringComparison.Ordinal) || folder.StartsWith("/proc/", StringComparison.Ordinal) ? "" : folder;
    }
}
