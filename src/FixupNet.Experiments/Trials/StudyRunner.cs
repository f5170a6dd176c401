using System.Diagnostics;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Studies;
using FixupNet.Runs.Records;
using FixupNet.Training.Checkpoints;
using FixupNet.Training.Tasks;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Trials;

/// <summary>Asks a study of a trained network.</summary>
public static class StudyRunner
{
    /// <summary>Opens the network and runs the study.</summary>
    /// <param name="choice">The study and its options.</param>
    /// <param name="document">The configuration of the network.</param>
    /// <param name="weightsFile">A .safetensors with its weights; null for those the configuration starts from.</param>
    /// <param name="options">Where and how it computes.</param>
    /// <exception cref="ConfigException">The study has no question for networks of this task.</exception>
    /// <exception cref="InvalidDataException">The weights are not those of this network.</exception>
    public static StudyRecord Run(StudyChoice choice, TrainDocument document, string? weightsFile, TrialOptions options)
    {
        using var scope = NewDisposeScope();
        var started = Stopwatch.GetTimestamp();
        using var trial = TrialAssembly.Create(document.Config, options);
        if (trial.Task is not ImageClassification { Batches: var images })
        {
            throw new ConfigException([new ConfigError(
                document.Config.Name, null, "task", $"is \"{document.Config.Task.Name}\"; the study \"{choice.Entry.Name}\" asks about image classification only.")]);
        }
        if (weightsFile is not null) ModelWeights.Import(trial.Network, weightsFile);
        trial.Network.eval();
        var findings = choice.Entry.Run(new StudyTrial(trial.Network, trial.Task, images, trial.Seeds, trial.Device), choice.Options);
        return new StudyRecord(
            choice.Entry.Name, choice.Json, weightsFile is null ? null : Path.GetFileName(Path.GetDirectoryName(weightsFile)), findings.Values, findings.Curves,
            Stopwatch.GetElapsedTime(started).TotalSeconds, findings.Matrices, findings.Pictures);
    }
}
