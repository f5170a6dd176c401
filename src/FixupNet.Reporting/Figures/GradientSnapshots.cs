using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Figures;

/// <summary>The gradient norms of a trial at some of its recorded steps, few enough for a page.</summary>
/// <param name="Layers">Names of the layers in forward order.</param>
/// <param name="LayersPerRow">Layers that share a row.</param>
/// <param name="Steps">The steps, the first and the last recorded among them.</param>
internal sealed record GradientSnapshots(IReadOnlyList<string> Layers, int LayersPerRow, IReadOnlyList<GradientSnapshot> Steps)
{
    private const int MostSteps = 100;
    private const int LeastSteps = 8;
    private const int MostRows = 1000; // of pixels, on a wide screen
    private const int LeastRows = 50;

    /// <summary>Reads a file twice, line by line, for it may be larger than the memory; lines that are not chosen are skipped.</summary>
    /// <param name="path">The file, which need not exist.</param>
    /// <param name="mostCodes">Norms to keep, more where that would leave too few steps or rows.</param>
    /// <returns>The norms, or null where no step was recorded.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, other than by a crash in its last line.</exception>
    public static GradientSnapshots? Read(string path, int mostCodes)
    {
        var count = GradientNormsLog.CountSteps(path);
        if (count == 0) return null;
        using var log = GradientNormsLog.Open(path);
        if (log?.Layers is not { Count: > 0 } layers) return null;

        var rows = Math.Clamp(mostCodes / (2 * LeastSteps), LeastRows, MostRows);
        var layersPerRow = (layers.Count + rows - 1) / rows;
        rows = (layers.Count + layersPerRow - 1) / layersPerRow;
        var most = Math.Clamp(mostCodes / (layersPerRow == 1 ? rows : 2 * rows), LeastSteps, MostSteps);
        var chosen = Enumerable.Range(0, Math.Min(most, count)).Select(part => count <= most ? part : (int)((count - 1L) * part / (most - 1))).ToHashSet();
        var steps = new List<GradientSnapshot>();
        for (var index = 0; index < count; index++)
        {
            if (!chosen.Contains(index) && log.Skip()) continue;
            if (log.Read() is not { } line) break; // a trial that began anew since the lines were counted
            steps.Add(Encode(line, rows, layersPerRow));
        }
        return steps.Count == 0 ? null : new GradientSnapshots(layers, layersPerRow, steps);
    }

    private static GradientSnapshot Encode(GradientNormsLine line, int rows, int layersPerRow)
    {
        var largest = new ushort[rows];
        var least = layersPerRow == 1 ? [] : Enumerable.Repeat(ushort.MaxValue, rows).ToArray();
        for (var layer = 0; layer < line.Norms.Count; layer++)
        {
            var (row, code) = (layer / layersPerRow, NormCode.Of(line.Norms[layer]));
            largest[row] = NormCode.Larger(largest[row], code);
            if (layersPerRow > 1) least[row] = Math.Min(least[row], code);
        }
        return new GradientSnapshot(line.Step, line.Total, line.Norms[0], line.Norms[^1], least, largest);
    }
}

/// <summary>The gradient norms of a trial at a step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Total">Norm of the whole gradient.</param>
/// <param name="First">Norm of the first layer.</param>
/// <param name="Last">Norm of the last layer.</param>
/// <param name="Least">A <see cref="NormCode"/> a row: its least; empty where a row is one layer.</param>
/// <param name="Largest">The same: its largest, or what is not finite.</param>
internal sealed record GradientSnapshot(long Step, double Total, double First, double Last, ushort[] Least, ushort[] Largest);
