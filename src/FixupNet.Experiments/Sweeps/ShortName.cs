using System.Text;
using System.Text.Json;
using FixupNet.Experiments.Configuration.Nodes;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Names trials for people: <c>variant=fixup-depth=110-seed=1</c>.</summary>
internal sealed class ShortName
{
    private const int MaxLength = 80;

    private readonly string[] _labels;
    private readonly bool[] _tellOptions;

    /// <summary>Creates the namer of a grid's trials.</summary>
    /// <param name="grid">The axes; one whose last key is not unique is named by all its keys.</param>
    public ShortName(IReadOnlyList<GridAxis> grid)
    {
        _labels = [.. grid.Select(axis => Clean(grid.Count(other => other.Path[^1] == axis.Path[^1]) > 1 ? axis.Key : axis.Path[^1]))];
        // The name and an ablation of it would be called alike.
        _tellOptions = [.. grid.Select(axis => axis.Values.Select(Text).Distinct().Count() < axis.Values.Count)];
    }

    /// <summary>A name of at most 80 characters out of [a-z0-9.=-].</summary>
    public string Of(IReadOnlyList<ConfigNode> values, string seed)
    {
        var end = $"seed={seed}";
        if (values.Count == 0) return end;
        var start = string.Join('-', values.Select((value, axis) => $"{_labels[axis]}={(_tellOptions[axis] ? WithOptions(value) : Text(value))}"));
        var room = MaxLength - end.Length - 1;
        if (start.Length > room) start = start[..room].TrimEnd('-', '.', '=');
        return $"{start}-{end}";
    }

    private static string WithOptions(ConfigNode value) => value is ConfigObject section && NameOf(section) is not null
        ? string.Join('-', section.Members.Where(member => member.Key != "name").Select(member => $"{Clean(member.Key)}-{Text(member.Value)}").Prepend(Text(section)))
        : Text(value);

    private static string? NameOf(ConfigObject section) => section.Find("name") is ConfigScalar { Kind: JsonValueKind.String } name ? name.Text : null;

    private static string Text(ConfigNode value) => value switch
    {
        // Of a file, where it lies says less than what it is called.
        ConfigScalar { Kind: JsonValueKind.String } text when Path.IsPathFullyQualified(text.Text) => Clean(Path.GetFileName(text.Text)),
        ConfigScalar scalar => Clean(scalar.Text),
        ConfigArray array => string.Join('-', array.Items.Select(Text)),
        // A whole section is best known by its name.
        ConfigObject section when NameOf(section) is { } name => Clean(name),
        _ => "object",
    };

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            var startsWord = char.IsAsciiLetterUpper(character) && clean.Length > 0 && char.IsAsciiLetterLower(clean[^1]);
            if (startsWord) clean.Append('-');
            clean.Append(char.IsAsciiLetterOrDigit(character) || character == '.' ? char.ToLowerInvariant(character) : '-');
        }
        return clean.ToString();
    }
}
