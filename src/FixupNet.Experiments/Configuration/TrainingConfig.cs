using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FixupNet.Experiments.Configuration;

/// <summary>How long training takes and in which pieces.</summary>
/// <param name="Epochs">Passes over the training set, in [0, 10^6]; default 1; 0 only evaluates.</param>
/// <param name="BatchSize">Examples a step, in [1, 10^6]; default 128.</param>
/// <param name="Precision">The type of weights and activations; default float32.</param>
/// <param name="Engine">What computes gradients; default auto.</param>
/// <param name="MicroBatchSize">Examples computed at once, in [1, BatchSize]; null, the default, for the whole batch.</param>
/// <param name="EvaluateEveryEpochs">Epochs between evaluations, in [1, 10^6]; default 1.</param>
public sealed record TrainingConfig(
    [property: Description("Passes over the training set."), Range(0, 1_000_000)] int Epochs = 1,
    [property: Description("Examples a step."), Range(1, 1_000_000)] int BatchSize = 128,
    [property: Description("Type of weights and activations.")] Precision Precision = Precision.Float32,
    [property: Description("What computes gradients.")] TrainingEngine Engine = TrainingEngine.Auto,
    [property: Description("Examples computed at once; null: the whole batch."), Range(1, 1_000_000)] int? MicroBatchSize = null,
    [property: Description("Epochs between evaluations."), Range(1, 1_000_000)] int EvaluateEveryEpochs = 1) : IValidatedOptions
{
    /// <inheritdoc/>
    public IEnumerable<(string Member, string Message)> Validate()
    {
        if (MicroBatchSize > BatchSize) yield return (nameof(MicroBatchSize), $"must be at most batchSize, which is {BatchSize}");
    }
}
