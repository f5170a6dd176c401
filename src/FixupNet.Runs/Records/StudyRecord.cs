using System.Text.Json;
using System.Text.Json.Serialization;

namespace FixupNet.Runs.Records;

/// <summary>What a study found out about one trained network: studies/NAME.json in its folder.</summary>
/// <param name="Study">Name of the study.</param>
/// <param name="Options">Its options, every default filled in.</param>
/// <param name="Weights">Name of the checkpoint that was studied, such as "step-0000001200"; null for those that the document starts from, and of a sweep as a whole.</param>
/// <param name="Values">Numbers.</param>
/// <param name="Curves">Numbers against others.</param>
/// <param name="ElapsedSeconds">Time it took.</param>
/// <param name="Matrices">Numbers by row and column; null where it has none.</param>
/// <param name="Pictures">Pictures by row and column; null where it has none.</param>
public sealed record StudyRecord(
    string Study, JsonElement Options, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Weights, IReadOnlyList<StudyValue> Values, IReadOnlyList<StudyCurve> Curves, double ElapsedSeconds,
    IReadOnlyList<StudyMatrix>? Matrices = null, IReadOnlyList<StudyPictures>? Pictures = null);

/// <summary>One number of a study.</summary>
/// <param name="Name">What it is, for people.</param>
/// <param name="Value">The number; need not be finite.</param>
/// <param name="Unit">What it is counted in; "share" of a fraction in [0, 1]; empty for a bare number.</param>
/// <param name="StandardError">How far an estimate may be off; null of what is no estimate.</param>
public sealed record StudyValue(string Name, double Value, string Unit = "", double? StandardError = null);

/// <summary>Numbers against others.</summary>
/// <param name="Name">What it is, for people.</param>
/// <param name="X">What <paramref name="Xs"/> are.</param>
/// <param name="Y">What <paramref name="Ys"/> are.</param>
/// <param name="Xs">Ascending.</param>
/// <param name="Ys">As many.</param>
/// <param name="Unit">What <paramref name="Ys"/> are counted in; "share" of fractions in [0, 1]; empty for bare numbers.</param>
/// <param name="IsLogarithmic">Whether <paramref name="Ys"/> are read by their powers of ten.</param>
public sealed record StudyCurve(
    string Name, string X, string Y, IReadOnlyList<double> Xs, IReadOnlyList<double> Ys, string Unit = "", bool IsLogarithmic = false);

/// <summary>Numbers by row and column, such as accuracies by what was learned and what is asked.</summary>
/// <param name="Name">What it is, for people.</param>
/// <param name="Rows">What rows are, such as "true class".</param>
/// <param name="Columns">What columns are, such as "predicted class".</param>
/// <param name="RowNames">A name a row, from the top.</param>
/// <param name="ColumnNames">A name a column, from the left.</param>
/// <param name="Values">Rows from the top, each with a number a column; NaN where there is none.</param>
/// <param name="Unit">What values are counted in; "share" of fractions in [0, 1]; empty for bare numbers.</param>
public sealed record StudyMatrix(
    string Name, string Rows, string Columns, IReadOnlyList<string> RowNames, IReadOnlyList<string> ColumnNames, IReadOnlyList<IReadOnlyList<double>> Values, string Unit = "");

/// <summary>Small pictures of one size by row and column, such as images with what a network sees in them.</summary>
/// <param name="Name">What they are, for people.</param>
/// <param name="RowNames">A name a row, from the top.</param>
/// <param name="ColumnNames">A name a column, from the left.</param>
/// <param name="Width">Pixels of a row of a picture.</param>
/// <param name="Height">Its rows.</param>
/// <param name="Pixels">
/// Rows of pictures from the top, a picture a column: its pixels row after row, three bytes each (red, green, blue), or one each of a map, 0 the least and
/// 255 the greatest.
/// </param>
public sealed record StudyPictures(
    string Name, IReadOnlyList<string> RowNames, IReadOnlyList<string> ColumnNames, int Width, int Height, IReadOnlyList<IReadOnlyList<byte[]>> Pixels);
