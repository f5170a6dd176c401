using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Figures;

/// <summary>Writes files of gradient norms.</summary>
internal static class NormsFile
{
    /// <summary>Writes a file of layers named by their number.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layers">How many layers.</param>
    /// <param name="steps">How many steps, from 0.</param>
    /// <param name="norm">Norm of a step and a layer.</param>
    public static void Write(string path, int layers, int steps, Func<int, int, double> norm)
    {
        using var writer = new JsonLinesWriter(path);
        writer.Write(new GradientNormsHeader([.. Enumerable.Range(0, layers).Select(layer => $"{layer}")]));
        for (var step = 0; step < steps; step++)
            writer.Write(new GradientNormsLine(step, step, 1, [.. Enumerable.Range(0, layers).Select(layer => norm(step, layer))]));
    }
}
