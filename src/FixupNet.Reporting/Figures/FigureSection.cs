namespace FixupNet.Reporting.Figures;

/// <summary>Figures that answer one question.</summary>
/// <param name="Title">The question's short name.</param>
/// <param name="Figures">The figures, the most telling first.</param>
internal sealed record FigureSection(string Title, IReadOnlyList<Figure> Figures);
