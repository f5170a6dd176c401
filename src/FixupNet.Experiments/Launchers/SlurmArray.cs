namespace FixupNet.Experiments.Launchers;

/// <summary>Workers that are submitted together, as one job array.</summary>
/// <param name="Workers">How many, at least 1.</param>
public sealed record SlurmArray(int Workers)
{
    /// <summary>The array's indexes, for sbatch.</summary>
    public string Indexes => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"0-{Workers - 1}");

    /// <summary>Splits workers into arrays of a size that the site takes.</summary>
    /// <param name="workers">Workers in all, at least 1.</param>
    /// <param name="most">Workers of an array at most, at least 1; null for no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static IReadOnlyList<SlurmArray> Split(int workers, int? most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        if (most is not { } size) return [new SlurmArray(workers)];
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, nameof(most));
        return [.. Enumerable.Range(0, workers).Chunk(size).Select(chunk => new SlurmArray(chunk.Length))];
    }
}
