using System.Text.Json.Serialization;

namespace FixupNet.Runs.Metrics;

/// <summary>A number that a task measures: what it is called in files, and all that tables, comparisons and figures have to know of it.</summary>
/// <param name="Name">Its key in files, camel case.</param>
/// <param name="Unit">What it is counted in, for people; <see cref="Share"/> for a fraction in [0, 1], which they read in percent; empty for a bare number.</param>
/// <param name="Better">Which values are better.</param>
/// <param name="Summed">How values of batches become that of many.</param>
public sealed record Metric(string Name, string Unit = "", MetricDirection Better = MetricDirection.Higher, MetricSumming Summed = MetricSumming.Mean)
{
    /// <summary>The unit of fractions.</summary>
    public const string Share = "share";

    /// <summary>The name of the loss, the first metric of every task.</summary>
    public const string Loss = "loss";

    /// <summary>Share of examples classified correctly.</summary>
    public static Metric Accuracy { get; } = new("accuracy", Share);

    /// <summary>The loss of a task, which is the better the smaller it is.</summary>
    /// <param name="unit">What it is.</param>
    public static Metric LossIn(string unit) => new(Loss, unit, MetricDirection.Lower);

    /// <summary>Whether it is a fraction.</summary>
    [JsonIgnore]
    public bool IsShare => Unit == Share;

    /// <summary>Whether a value is better than another; one that is not finite is not.</summary>
    /// <param name="value">The value.</param>
    /// <param name="other">The other one.</param>
    public bool IsBetter(double value, double other) =>
        double.IsFinite(value) && (!double.IsFinite(other) || (Better == MetricDirection.Higher ? value > other : value < other));

    /// <summary>Whether a metric may have a name: letters and digits, at most 64, a letter first. Others would act in files and terminals.</summary>
    /// <param name="name">The name.</param>
    public static bool IsName(string name) => name.Length is > 0 and <= 64 && char.IsAsciiLetter(name[0]) && name.All(char.IsAsciiLetterOrDigit);

    /// <summary>The name with something before it, as files spell it: "test" and "loss" are "testLoss".</summary>
    /// <param name="first">What stands before it.</param>
    /// <param name="name">The name.</param>
    public static string Key(string first, string name) => $"{first}{char.ToUpperInvariant(name[0])}{name[1..]}";

    /// <summary>The words of a name, with something between them: "exactMatch" is "exact match".</summary>
    /// <param name="name">The name.</param>
    /// <param name="between">What stands between two words.</param>
    public static string Words(string name, char between = ' ') =>
        string.Concat(name.Select((letter, index) => !char.IsAsciiLetterUpper(letter) ? $"{letter}" : index == 0 ? $"{char.ToLowerInvariant(letter)}" : $"{between}{char.ToLowerInvariant(letter)}"));
}

/// <summary>Which values of a metric are better.</summary>
public enum MetricDirection
{
    /// <summary>The larger ones.</summary>
    Higher,

    /// <summary>The smaller ones.</summary>
    Lower,
}

/// <summary>How values of batches become that of many.</summary>
public enum MetricSumming
{
    /// <summary>Their sums, divided by what they are summed over.</summary>
    Mean,

    /// <summary>e to the power of the mean of their logarithms, as perplexity is.</summary>
    ExponentialOfMean,

    /// <summary>They do not: only an evaluation of a whole split has a value.</summary>
    Whole,
}
