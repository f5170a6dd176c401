using FixupNet.Experiments.Configuration;
using FixupNet.Training.Tasks;
using FixupNet.Training.Checkpoints;

namespace FixupNet.Experiments.Trials;

/// <summary>Measures a network on the test split of its configuration's task.</summary>
public static class EvaluationRunner
{
    /// <summary>Evaluates.</summary>
    /// <param name="document">The configuration.</param>
    /// <param name="weightsFile">A .safetensors with the weights; null for those the configuration starts from.</param>
    /// <param name="options">Where and how it runs.</param>
    /// <exception cref="InvalidDataException">The weights are not those of this network.</exception>
    public static Evaluation Run(TrainDocument document, string? weightsFile, TrialOptions options)
    {
        using var trial = TrialAssembly.Create(document.Config, options);
        if (weightsFile is not null) ModelWeights.Import(trial.Network, weightsFile);
        return trial.Task.Evaluate(trial.Network);
    }
}
