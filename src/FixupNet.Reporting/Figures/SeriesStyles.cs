namespace FixupNet.Reporting.Figures;

/// <summary>Gives the curves of a sweep their styles, by name: a method has the same colour in every report.</summary>
internal static class SeriesStyles
{
    private static readonly string[] Known = ["fixup", "batchnorm", "plain"];

    /// <summary>Chooses styles.</summary>
    /// <param name="names">For each curve the name its colour stands for, such as its method; curves may share one.</param>
    /// <returns>A style for each curve; the first <see cref="SeriesStyle.Count"/> differ from each other.</returns>
    public static IReadOnlyList<SeriesStyle> Of(IReadOnlyList<string> names)
    {
        var distinct = names.Distinct().ToList();
        if (distinct.Count == names.Count && distinct.Count <= SeriesStyle.Count)
        {
            var numbers = Numbers(distinct, SeriesStyle.Count);
            return [.. names.Select(name => SeriesStyle.Of(numbers[name]))];
        }
        if (distinct.Count > SeriesStyle.ColorCount || names.CountBy(name => name).Any(count => count.Value > SeriesStyle.ColorCount))
            return [.. names.Select((_, index) => SeriesStyle.Of(index % SeriesStyle.Count))]; // too many to keep a colour a name

        // The curves of a name share its colour and differ in marker and dashes.
        var (colors, seen) = (Numbers(distinct, SeriesStyle.ColorCount), new Dictionary<string, int>());
        return
        [
            .. names.Select(name =>
            {
                seen[name] = seen.GetValueOrDefault(name) + 1;
                return SeriesStyle.Of(colors[name], (colors[name] + seen[name] - 1) % SeriesStyle.ColorCount);
            }),
        ];
    }

    // Known names have their own number; others the one their letters choose, or the next that is free, so that most keep it in any company.
    private static Dictionary<string, int> Numbers(IReadOnlyList<string> names, int count)
    {
        var numbers = names.Where(name => Known.Contains(name)).ToDictionary(name => name, name => Array.IndexOf(Known, name));
        var taken = new HashSet<int>(numbers.Values);
        foreach (var name in names.Where(name => !numbers.ContainsKey(name)))
        {
            // The colours of known names are the last to be given away.
            int[] order = [.. Enumerable.Range(Known.Length, count - Known.Length), .. Enumerable.Range(0, Known.Length)];
            var start = (int)(Hash(name) % (SeriesStyle.ColorCount - (uint)Known.Length));
            int[] wanted = [.. order[start..(SeriesStyle.ColorCount - Known.Length)], .. order[..start], .. order[(SeriesStyle.ColorCount - Known.Length)..]];
            numbers[name] = wanted.First(taken.Add);
        }
        return numbers;
    }

    // FNV-1a: the same in every process, which the hash codes of .NET are not.
    private static uint Hash(string name) => name.Aggregate(2166136261u, (hash, letter) => unchecked((hash ^ letter) * 16777619u));
}
