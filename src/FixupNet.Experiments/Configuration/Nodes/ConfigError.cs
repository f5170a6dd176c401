namespace FixupNet.Experiments.Configuration.Nodes;

/// <summary>One thing that is wrong in a configuration.</summary>
/// <param name="File">The file as the user named it, or "command line".</param>
/// <param name="Line">The line, counted from 1; null where there is none.</param>
/// <param name="Path">The keys down to the value, joined by dots, as on the command line; empty for the document as a whole.</param>
/// <param name="Message">What was given, what is allowed and what to do, beginning with a verb: "is 100; must be 6n+2."</param>
/// <param name="Kind">What it means.</param>
public sealed record ConfigError(string File, int? Line, string Path, string Message, ProblemKind Kind = ProblemKind.Invalid)
{
    /// <summary>The error on one line: <c>configs/a.json:12: model.depth is 100; must be 6n+2 (nearest: 98, 104).</c></summary>
    public override string ToString() =>
        $"{File}{(Line is { } line ? $":{line}" : "")}: {(Kind == ProblemKind.Warning ? "warning: " : "")}{(Path.Length == 0 ? "the document" : Path)} {Message}";
}
