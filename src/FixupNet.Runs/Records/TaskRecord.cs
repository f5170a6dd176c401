using System.Text.Json.Serialization;
using FixupNet.Runs.Metrics;

namespace FixupNet.Runs.Records;

/// <summary>What a trial learned to do, as far as its records have to be understood by it; written to env.json but for <see cref="ImageClassification"/>.</summary>
/// <param name="Name">Name of the task.</param>
/// <param name="Metrics">What it measures, the loss first.</param>
/// <param name="BestBy">Name of the metric by which the best test is chosen.</param>
/// <param name="Examples">What its examples are, in the plural.</param>
public sealed record TaskRecord(string Name, IReadOnlyList<Metric> Metrics, string BestBy, string Examples = "examples")
{
    /// <summary>The task of records that name none.</summary>
    public static TaskRecord ImageClassification { get; } =
        new("image-classification", [Metric.LossIn("cross-entropy"), Metric.Accuracy], Metric.Accuracy.Name, Images);

    private const string Images = "images";

    /// <summary>What is wrong with it, as the rest of a sentence; null where nothing is.</summary>
    [JsonIgnore]
    public string? Problem => Metrics switch
    {
        [] or [{ Name: not Metric.Loss }, ..] => $"must have the metric \"{Metric.Loss}\" first",
        _ when Metrics.FirstOrDefault(metric => !Metric.IsName(metric.Name) || MetricsLineJson.IsReserved(metric.Name)) is { } bad => $"cannot have a metric of the name \"{bad.Name}\"",
        _ when Metrics.CountBy(metric => metric.Name).FirstOrDefault(count => count.Value > 1) is { Key: { } twice } => $"has the metric \"{twice}\" twice",
        _ when Metrics.All(metric => metric.Name != BestBy) => $"chooses by \"{BestBy}\", which is not one of its metrics",
        _ => null,
    };

    /// <summary>A speed of examples as records have it: of images, or of others.</summary>
    /// <param name="perSecond">Examples per second.</param>
    public (double? OfImages, double? OfExamples) Speed(double? perSecond) => Examples == Images ? (perSecond, null) : (null, perSecond);
}
