namespace FixupNet.Runs.Records;

/// <summary>First line of gradient-norms.jsonl.</summary>
/// <param name="Layers">Names of the recorded layers in forward order.</param>
/// <param name="Format">Version of the lines, <see cref="CurrentFormat"/> in new files; null before there were versions.</param>
public sealed record GradientNormsHeader(IReadOnlyList<string> Layers, int? Format = null)
{
    /// <summary>Since this version a line's "epoch" is that of the weights the gradient was measured at; before, it was that of the end of the step.</summary>
    public const int CurrentFormat = 2;

    /// <summary>A line of this file in today's meaning.</summary>
    /// <param name="line">The line as it stands there.</param>
    public GradientNormsLine AsMeasured(GradientNormsLine line) =>
        Format is null ? line with { Epoch = line.Epoch * line.Step / (line.Step + 1) } : line;
}
