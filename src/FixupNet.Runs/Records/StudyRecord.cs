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
public sealed record StudyRecord(
    string Study, JsonElement Options, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Weights, IReadOnlyList<StudyValue> Values, IReadOnlyList<StudyCurve> Curves, double ElapsedSeconds);

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
public sealed record StudyCurve(string Name, string X, string Y, IReadOnlyList<double> Xs, IReadOnlyList<double> Ys);
