using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Registries;

namespace FixupNet.Experiments.Configuration;

/// <summary>How long training takes and in which pieces.</summary>
/// <param name="Epochs">Passes over the training set, in [0, 10^6]; default 1; 0 only evaluates.</param>
/// <param name="BatchSize">Examples a step, in [1, 10^6]; default 128.</param>
/// <param name="Precision">The type of weights and activations; default float32.</param>
/// <param name="Engine">What computes gradients; default auto.</param>
/// <param name="MicroBatchSize">
/// Examples computed at once, in [1, BatchSize], in the depth-first engine on each core; null, the default, for what MemoryBudget allows and
/// is fastest: the whole batch on the eager path, 16 in the depth-first engine.
/// </param>
/// <param name="EvaluateEveryEpochs">Epochs between evaluations, in [1, 10^6]; default 1.</param>
/// <param name="MemoryBudget">
/// Memory the process may take, on a GPU of the card's, such as "4GB" or "80%" of what is free; null, the default, for "80%".
/// </param>
/// <param name="Tf32">On a GPU, products of float32 numbers in TF32, with 10 bits of mantissa; default false.</param>
/// <param name="Deterministic">On a GPU, algorithms that give the same bits at every run, where the libraries have them; default false.</param>
public sealed record TrainingConfig(
    [property: Description("Passes over the training set."), Range(0, 1_000_000)] int Epochs = 1,
    [property: Description("Examples a step."), Range(1, 1_000_000)] int BatchSize = 128,
    [property: Description("Type of weights and activations.")] Precision Precision = Precision.Float32,
    [property: Description("What computes gradients.")] TrainingEngine Engine = TrainingEngine.Auto,
    [property: Description("Examples computed at once, in the depth-first engine on each core; null: what is fastest within the memory budget."), Range(1, 1_000_000)] int? MicroBatchSize = null,
    [property: Description("Epochs between evaluations."), Range(1, 1_000_000)] int EvaluateEveryEpochs = 1,
    [property: Description("Memory the process may take: bytes with a unit, or a percentage of what is free; null: 80%.")]
    [property: RegularExpression(Configuration.MemoryBudget.Pattern, ErrorMessage = Configuration.MemoryBudget.Meaning)]
    string? MemoryBudget = null,
    [property: Description("On a GPU, products of float32 numbers in TF32: faster, with 10 bits of mantissa.")] bool Tf32 = false,
    [property: Description("On a GPU, the same bits at every run, at some cost in speed.")] bool Deterministic = false) : IValidatedOptions
{
    /// <inheritdoc/>
    public IEnumerable<(string Member, string Message)> Validate()
    {
        if (MicroBatchSize > BatchSize) yield return (nameof(MicroBatchSize), $"must be at most batchSize, which is {BatchSize}");
        if (MemoryBudget is not null && ProblemOf(MemoryBudget) is { } problem) yield return (nameof(MemoryBudget), problem);
    }

    private static string? ProblemOf(string budget)
    {
        try
        {
            Configuration.MemoryBudget.Parse(budget);
            return null;
        }
        catch (FormatException error)
        {
            return error.Message;
        }
    }
}
