using System.Text;
using System.Text.Json;

namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>JSON that need not be valid: a leaf is any text, keys may repeat.</summary>
/// <param name="Raw">Text of a leaf; null for an object or an array.</param>
/// <param name="IsObject">Whether the members have keys.</param>
/// <param name="Members">Members of an object or an array, with their keys as JSON spells them.</param>
internal sealed record JsonTree(string? Raw, bool IsObject, IReadOnlyList<(string Key, JsonTree Value)> Members)
{
    /// <summary>A leaf.</summary>
    public static JsonTree Leaf(string raw) => new(raw, false, []);

    /// <summary>Takes valid JSON apart.</summary>
    public static JsonTree Parse(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        return Of(document.RootElement);
    }

    /// <summary>Nodes in all.</summary>
    public int Count => 1 + Members.Sum(member => member.Value.Count);

    /// <summary>Every node, in written order.</summary>
    public IEnumerable<JsonTree> Nodes() => Members.SelectMany(member => member.Value.Nodes()).Prepend(this);

    /// <summary>A copy with one node changed.</summary>
    /// <param name="index">Its place in written order, from 0.</param>
    /// <param name="change">Makes the new node.</param>
    public JsonTree With(int index, Func<JsonTree, JsonTree> change)
    {
        if (index == 0) return change(this);
        index--;
        var members = new List<(string, JsonTree)>();
        foreach (var (key, value) in Members)
        {
            var count = value.Count;
            members.Add((key, index >= 0 && index < count ? value.With(index, change) : value));
            index -= count;
        }
        return this with { Members = members };
    }

    /// <summary>The text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        AppendTo(text);
        return text.ToString();
    }

    private void AppendTo(StringBuilder text)
    {
        if (Raw is not null)
        {
            text.Append(Raw);
            return;
        }
        text.Append(IsObject ? '{' : '[');
        for (var i = 0; i < Members.Count; i++)
        {
            if (i > 0) text.Append(',');
            if (IsObject) text.Append(Members[i].Key).Append(':');
            Members[i].Value.AppendTo(text);
        }
        text.Append(IsObject ? '}' : ']');
    }

    private static JsonTree Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new(null, true, [.. element.EnumerateObject().Select(member => (JsonSerializer.Serialize(member.Name), Of(member.Value)))]),
        JsonValueKind.Array => new(null, false, [.. element.EnumerateArray().Select(item => ("", Of(item)))]),
        _ => Leaf(element.GetRawText()),
    };
}
