using System.Diagnostics;
using System.Text.Json;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Studies;
using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;
using FixupNet.Training.Checkpoints;
using FixupNet.Training.Tasks;
using Serilog.Core;
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
    /// <param name="work">Where and how the study trains; null for a folder that is thrown away.</param>
    /// <exception cref="OperationCanceledException">The study was interrupted; what it has trained is kept for the next call.</exception>
    /// <exception cref="RunDirectoryInUseException">Another process asks the same study of the same network.</exception>
    /// <exception cref="ConfigException">The study has no question for networks of this task.</exception>
    /// <exception cref="InvalidDataException">The weights are not those of this network.</exception>
    public static StudyRecord Run(StudyChoice choice, TrainDocument document, string? weightsFile, TrialOptions options, StudyWork? work = null)
    {
        if (work is null) return RunInTemporaryFolder(choice, document, weightsFile, options);
        using var scope = NewDisposeScope();
        var started = Stopwatch.GetTimestamp();
        using var trial = TrialAssembly.Create(document.Config, options);
        if (!choice.Entry.IsOfStart && trial.Task is not ImageClassification)
        {
            throw new ConfigException([new ConfigError(
                document.Config.Name, null, "task", $"is \"{document.Config.Task.Name}\"; the study \"{choice.Entry.Name}\" asks about image classification only.")]);
        }
        if (weightsFile is not null) ModelWeights.Import(trial.Network, weightsFile);
        trial.Network.eval();
        var weights = weightsFile is null ? null : Path.GetFileName(Path.GetDirectoryName(weightsFile));
        using var ownership = Prepare(work, new StudyRecord(choice.Entry.Name, choice.Json, weights, [], [], 0));
        var opened = new StudyTrial(trial.Network, trial.Task, trial.Seeds, trial.Device) { Trainings = new StudyTrainings(document, (trial.Task as ImageClassification)?.Batches.Dataset, options, work) };
        return choice.Answer(document.Config.Name, weights, started, () => choice.Entry.Run(opened, choice.Options));
    }

    private static StudyRecord RunInTemporaryFolder(StudyChoice choice, TrainDocument document, string? weightsFile, TrialOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("fixupnet-study-");
        try
        {
            return Run(choice, document, weightsFile, options, new StudyWork(folder.FullName, new TrialServices(Logger.None, TimeProvider.System), CancellationToken.None));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // What was trained for other options or other weights is of no use.
    private static RunDirectoryLock Prepare(StudyWork work, StudyRecord asked)
    {
        Directory.CreateDirectory(work.WorkFolder);
        var ownership = RunDirectoryLock.Acquire(work.WorkFolder);
        var file = Path.Combine(work.WorkFolder, "study.json");
        var before = RunJson.ReadFileIfExists<StudyRecord>(file);
        if (before is not null && before.Weights == asked.Weights && JsonElement.DeepEquals(before.Options, asked.Options)) return ownership;
        foreach (var folder in Directory.EnumerateDirectories(work.WorkFolder)) Directory.Delete(folder, recursive: true);
        RunJson.WriteFile(file, asked);
        return ownership;
    }
}
