using System.Text;
using System.Text.Json;

namespace FixupNet.Experiments.Configuration.Nodes;

/// <summary>One pass over one JSON text.</summary>
internal ref struct NodeReader(
    ReadOnlySpan<byte> utf8, string file, ConfigErrors errors, JsonReaderOptions options, ConfigPlace? fixedPlace = null)
{
    // Ten megabytes of "0,0,0" would otherwise become half a gigabyte of nodes.
    private const int MaxValues = 100_000;

    private readonly ReadOnlySpan<byte> _utf8 = utf8;
    private Utf8JsonReader _reader = new(utf8, options);
    private int _valueCount;
    private int _line = 1;
    private int _lineKnownTo;

    /// <exception cref="JsonException">The text is not one valid JSON value.</exception>
    public ConfigNode ReadDocument()
    {
        _reader.Read();
        var root = ReadValue("");
        _reader.Read(); // throws where something follows the root
        return root;
    }

    private ConfigNode ReadValue(string path)
    {
        if (++_valueCount > MaxValues) throw new JsonException($"it holds more than {MaxValues} values.", null, Place().Line - 1, null);
        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(path),
            JsonTokenType.StartArray => ReadArray(path),
            JsonTokenType.String => ConfigScalar.String(Place(), ReadText(path)),
            JsonTokenType.True => ConfigScalar.Boolean(Place(), true),
            JsonTokenType.False => ConfigScalar.Boolean(Place(), false),
            JsonTokenType.Null => ConfigScalar.Null(Place()),
            _ => ConfigScalar.Number(Place(), Encoding.UTF8.GetString(_reader.ValueSpan)),
        };
    }

    private ConfigObject ReadObject(string path)
    {
        var place = Place();
        var members = new List<KeyValuePair<string, ConfigNode>>();
        // Letter case does not count: Microsoft.Extensions.Configuration would let the later one win.
        var seen = new Dictionary<string, (string Key, ConfigPlace Place)>(StringComparer.OrdinalIgnoreCase);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var keyPlace = Place();
            var key = ReadText(path);
            var memberPath = ConfigText.Join(path, key);
            _reader.Read();
            var value = ReadValue(memberPath);
            if (seen.TryGetValue(key, out var first))
                errors.Add(keyPlace, memberPath, $"repeats \"{ConfigText.Show(first.Key)}\" of {first.Place}; letter case does not count.");
            else
                members.Add(new(key, value));
            seen.TryAdd(key, (key, keyPlace));
        }
        return new ConfigObject(place, members);
    }

    private ConfigArray ReadArray(string path)
    {
        var place = Place();
        var items = new List<ConfigNode>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray) items.Add(ReadValue(path));
        return new ConfigArray(place, items);
    }

    private string ReadText(string path)
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Invalid UTF-8 and half surrogate pairs are legal JSON tokens, yet no text.
            errors.Add(Place(), path, "holds text that is not valid Unicode.");
            return "";
        }
    }

    private ConfigPlace Place()
    {
        if (fixedPlace is not null) return fixedPlace;
        var position = (int)_reader.TokenStartIndex;
        _line += _utf8[_lineKnownTo..position].Count((byte)'\n');
        _lineKnownTo = position;
        return new ConfigPlace(file, _line);
    }
}
