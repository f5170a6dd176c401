namespace FixupNet;

/// <summary>Finds what a mistyped name probably meant.</summary>
public static class NearestName
{
    /// <summary>The candidate with the smallest edit distance, where that distance is plausible for a typing error.</summary>
    /// <param name="given">The name typed.</param>
    /// <param name="candidates">The names that exist.</param>
    /// <returns>The nearest candidate, or null where none differs in less than about a third of its letters.</returns>
    public static string? Of(string given, IEnumerable<string> candidates)
    {
        var nearest = candidates
            .Select(candidate => (candidate, distance: EditDistance(given.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .OrderBy(pair => pair.distance)
            .FirstOrDefault();
        return nearest.candidate is not null && nearest.distance <= Math.Max(1, nearest.candidate.Length / 3) ? nearest.candidate : null;
    }

    // Levenshtein distance, one row at a time.
    private static int EditDistance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var substitute = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitute, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.Length];
    }
}
