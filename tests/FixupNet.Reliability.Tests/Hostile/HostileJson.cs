using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>Damages documents where a byte mutator hardly reaches: values of other kinds, keys lost, doubled and renamed, deep nests.</summary>
internal static class HostileJson
{
    /// <summary>Values that readers get wrong; some are no JSON.</summary>
    public static IReadOnlyList<string> Values { get; } =
    [
        "null", "true", "false", "[]", "{}", "[[]]", "[null]", "{\"\":0}", "0", "-0", "-1", "1", "0.1", "1.0", "1e3", "1E+2", "1e999", "-1e999", "1e-400",
        "1e308", "-1e308", "2147483647", "2147483648", "-2147483649", "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
        "18446744073709551616", "1e400000000000", "NaN", "Infinity", "-Infinity", "01", "+1", "0x10", ".5", "1.", "\"NaN\"", "\"Infinity\"", "\"-Infinity\"",
        "\"\"", "\" \"", "\"a\"", "\"0\"", "\"null\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"\\u001b[31m\"", "\"\\u009b2J\"", "\"\\u202e\"",
        "\"\\ufeff\"", "\"\u2028\"", "\"\uD83D\uDE00\"", "\"a\\nb\"", "\"../../etc/passwd\"", "\"/etc/passwd\"", "\"C:\\\\x\"", "\"con\"", "\"a/b\"",
        "\"$ref\"", "\"${HOME}\"", "\"System.IO.File\"", "'a'", "undefined", "\"\\x\"", "\"unterminated", "/* */", "// x", "1 2", ",", "}", "]",
        $"\"{new string('a', 5_000)}\"", new string('9', 400), $"0.{new string('3', 400)}", $"[{string.Join(',', new int[1_500])}]", "1970-01-01", "\"1970-01-01\"",
        "\"0000-00-00T00:00:00Z\"", "\"9999-12-31T23:59:59.9999999+14:00\"",
    ];

    private static readonly IReadOnlyList<string> s_keys =
        ["\"\"", "\"a\"", "\"$schema\"", "\"$ref\"", "\"__proto__\"", "\"$type\"", "\"name\"", "\"NAME\"", "\"model.depth\"", "\"a:b\"", "\"\\u0000\"", "\"\\ud800\"",
        "\"\\u001b[31m\"", "\"n\\u0061me\"", $"\"{new string('k', 2_000)}\"", "name", "1"];

    /// <summary>Documents made from sound ones by one to four changes.</summary>
    /// <param name="samples">The sound ones.</param>
    public static Gen<JsonTree> Damaged(IReadOnlyList<JsonTree> samples)
    {
        var parts = samples.SelectMany(sample => sample.Nodes()).ToArray();
        return
            from sample in Gen.Elements<JsonTree>(samples)
            from count in Gen.Choose(1, 4)
            from changes in Change(parts).ArrayOf(count)
            from places in Gen.Choose(0, int.MaxValue).ArrayOf(count)
            select changes.Zip(places).Aggregate(sample, (tree, step) => tree.With(step.Second % tree.Count, step.First));
    }

    /// <summary>Documents that differ from sound ones in one to three numbers or texts, each by another valid one: readers that look at the form
    /// alone take them.</summary>
    /// <param name="samples">The sound ones.</param>
    public static Gen<JsonTree> WithOtherValues(IReadOnlyList<JsonTree> samples)
    {
        string[] numbers = [.. Values.Where(IsNumber), "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "5e-324", "1e15", "1e-300", "-5"];
        return WithValues(samples, numbers, [.. Values.Where(IsText)]);
    }

    /// <summary>Documents that differ from sound ones in one to three numbers or texts.</summary>
    /// <param name="samples">The sound ones.</param>
    /// <param name="numbers">What takes the place of numbers.</param>
    /// <param name="texts">What takes the place of texts.</param>
    public static Gen<JsonTree> WithValues(IReadOnlyList<JsonTree> samples, string[] numbers, string[] texts) =>
        from sample in Gen.Elements<JsonTree>(samples)
        from count in Gen.Choose(1, 3)
        from places in Gen.Choose(0, int.MaxValue).ArrayOf(count)
        from number in Gen.Elements(numbers).ArrayOf(count)
        from text in Gen.Elements(texts).ArrayOf(count)
        select Enumerable.Range(0, count).Aggregate(sample, (tree, i) => Replaced(tree, places[i], number[i], text[i]));

    private static JsonTree Replaced(JsonTree tree, int place, string number, string text)
    {
        int[] scalars = [.. tree.Nodes().Index().Where(node => node.Item.Raw is { } raw && (IsText(raw) || IsNumber(raw))).Select(node => node.Index)];
        return scalars.Length == 0 ? tree : tree.With(scalars[place % scalars.Length], node => JsonTree.Leaf(IsNumber(node.Raw!) ? number : text));
    }

    private static bool IsText(string raw) => IsJson(raw, JsonValueKind.String) && !raw.Contains("\\ud", StringComparison.Ordinal);

    private static bool IsNumber(string raw) => IsJson(raw, JsonValueKind.Number);

    private static bool IsJson(string raw, JsonValueKind kind)
    {
        try
        {
            using var document = JsonDocument.Parse(raw);
            return document.RootElement.ValueKind == kind;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Gen<Func<JsonTree, JsonTree>> Change(JsonTree[] parts) => Gen.Frequency(
        (6, Gen.Elements<string>(Values).Select(Always)),
        (2, Gen.Elements(parts).Select<JsonTree, Func<JsonTree, JsonTree>>(part => _ => part)),
        (2, Tweak()),
        (4, AtMember((members, at) => members.RemoveAt(at))),
        (2, AtMember((members, at) => members.Insert(at, members[at]))),
        (2, AtMember((members, at) => members.Add((OtherCase(members[at].Key), members[at].Value)))),
        (2, Gen.Elements<string>(s_keys).SelectMany(key => AtMember((members, at) => members[at] = (key, members[at].Value)))),
        (3, Gen.Elements<string>(s_keys).Zip(Gen.Elements<string>(Values)).Select(Added)),
        (1, Gen.Elements(1, 2, 63, 64, 65, 500).Select(Wrapped)));

    private static Func<JsonTree, JsonTree> Always(string raw) => _ => JsonTree.Leaf(raw);

    private static Func<JsonTree, JsonTree> Added((string Key, string Raw) member) =>
        tree => tree.Raw is null ? tree with { Members = [.. tree.Members, (member.Key, JsonTree.Leaf(member.Raw))] } : JsonTree.Leaf(member.Raw);

    private static Func<JsonTree, JsonTree> Wrapped(int depth) => tree =>
    {
        for (var level = 0; level < depth; level++) tree = new JsonTree(null, level % 2 == 0, [("\"a\"", tree)]);
        return tree;
    };

    // Numbers near the ones that are right.
    private static Gen<Func<JsonTree, JsonTree>> Tweak() => Gen.Elements("0", "00", ".5", "e3", "e-3", "e99", "1").Zip(Gen.Elements("", "-"))
        .Select<(string Tail, string Sign), Func<JsonTree, JsonTree>>(tweak =>
            tree => tree.Raw is { Length: > 0 } raw && char.IsAsciiDigit(raw[^1]) ? JsonTree.Leaf(tweak.Sign + raw + tweak.Tail) : tree);

    private static Gen<Func<JsonTree, JsonTree>> AtMember(Action<List<(string Key, JsonTree Value)>, int> change) =>
        Gen.Choose(0, int.MaxValue).Select<int, Func<JsonTree, JsonTree>>(place => tree =>
        {
            if (tree.Members.Count == 0) return tree;
            var members = tree.Members.ToList();
            change(members, place % members.Count);
            return tree with { Members = members };
        });

    private static string OtherCase(string key) => string.Concat(key.Select(letter => char.IsLower(letter) ? char.ToUpperInvariant(letter) : char.ToLowerInvariant(letter)));
}
