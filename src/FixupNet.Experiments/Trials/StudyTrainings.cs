using System.Text;
using FixupNet.Analysis;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Studies;
using FixupNet.Runs;
using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Training.Checkpoints;
using FixupNet.Training.Data;
using FixupNet.Training.Tasks;
using Serilog;

namespace FixupNet.Experiments.Trials;

/// <summary>The trainings of a study: each one a trial in a folder of its own, so that all that a trial survives, they survive.</summary>
/// <param name="document">The trial's document.</param>
/// <param name="data">The trial's images; null of another task, whose data are then read again.</param>
/// <param name="options">Where and how it computes.</param>
/// <param name="work">Where the folders are.</param>
internal sealed class StudyTrainings(TrainDocument document, ImageData? data, TrialOptions options, StudyWork work) : IStudyTrainings
{
    // Lines of metrics stand at its multiples and at the end of every epoch.
    private const string OncePerEpoch = "record.metricsEverySteps=1000000000";

    /// <inheritdoc/>
    public int Epochs => document.Config.Training.Epochs;

    /// <inheritdoc/>
    public bool MixesImages => document.Config.Augmentation.MixupAlpha > 0;

    /// <inheritdoc/>
    public StudyStart Start() => ProbeRunner.Start(document, options, new TrainingVariation { Data = data });

    /// <inheritdoc/>
    public StudyTraining Train(string name, TrainingVariation variation)
    {
        work.Cancellation.ThrowIfCancellationRequested();
        variation = variation with { Data = variation.Data ?? data };
        var (varied, directory) = (Varied(variation), new TrialDirectory(Path.Combine(work.WorkFolder, name)));
        if (!directory.IsEnded) work.Services.Log.Information("Training {Training}", name);
        var quiet = work.Services with { Log = new LoggerConfiguration().MinimumLevel.Warning().WriteTo.Logger(work.Services.Log).CreateLogger() };
        var summary = TrialRunner.Run(varied, directory, options with { MaxSteps = variation.Steps }, quiet, variation, work.Cancellation);
        if (summary.State == TrialState.Interrupted) throw new OperationCanceledException();
        return Open(varied, directory, variation, summary);
    }

    private TrainDocument Varied(TrainingVariation variation)
    {
        List<string> changes =
        [
            OncePerEpoch, "record.gradientNormsEverySteps=0", "record.activationsEverySteps=0", "record.tensorboard=false",
            "checkpoint.finalWeights=true", "checkpoint.keep=1", .. variation.Changes,
        ];
        if (variation.Epochs is { } epochs) changes.Add($"training.epochs={epochs}");
        if (variation.NeedsEagerEngine) changes.Add("training.engine=eager");
        return TrainDocument.Parse(Encoding.UTF8.GetBytes(document.Json), document.Config.Name, changes, document.Config.Registries);
    }

    private StudyTraining Open(TrainDocument varied, TrialDirectory directory, TrainingVariation variation, TrialSummary summary)
    {
        var trial = TrialAssembly.Create(varied.Config, options, variation: variation);
        var diverged = summary.State == TrialState.Diverged;
        if (!diverged) ModelWeights.Import(trial.Network, WeightsOf(directory));
        trial.Network.eval();
        var examples = variation.RecordsExamples ? ExamplesOf(directory, trial.Task.TrainCount) : [];
        return new StudyTraining(trial.Network, trial.Task, ImagesOf(trial.Task), EpochsOf(directory), diverged, examples) { Owner = trial };
    }

    private static BatchPipeline ImagesOf(ITask task) => task switch
    {
        VariedTask varied => ImagesOf(varied.Inner),
        _ => ((ImageClassification)task).Batches,
    };

    // Where an average was kept, it is what was evaluated.
    private static string WeightsOf(TrialDirectory directory)
    {
        var name = CheckpointStore.Read(directory.LatestCheckpointFile) ?? throw new FileNotFoundException($"{directory.Root} holds no weights; remove {Path.GetDirectoryName(directory.Root)} and ask again.");
        var average = Path.Combine(directory.CheckpointsFolder, name, Checkpoint.AverageFile);
        return File.Exists(average) ? average : Path.Combine(directory.CheckpointsFolder, name, Checkpoint.ModelFile);
    }

    private static List<StudyEpoch> EpochsOf(TrialDirectory directory)
    {
        var lines = MetricsLog.Read(directory.MetricsFile).ToList();
        var tests = lines.Where(line => line.Split == MetricsSplit.Test).ToDictionary(line => (int)line.Epoch, line => line.Values[Metric.Accuracy.Name]);
        return
        [
            .. lines.Where(line => line.Split == MetricsSplit.Train).GroupBy(line => (int)line.Epoch + 1)
                .Select(epoch => new StudyEpoch(epoch.Key, Mean(epoch, Metric.Loss), Mean(epoch, Metric.Accuracy.Name), tests.GetValueOrDefault(epoch.Key))),
        ];

        static double Mean(IEnumerable<MetricsLine> lines, string metric) =>
            lines.Sum(line => line.Values[metric]!.Value * line.AveragedSteps!.Value) / lines.Sum(line => line.AveragedSteps!.Value);
    }

    private static List<ExampleHistory> ExamplesOf(TrialDirectory directory, int count)
    {
        var histories = Enumerable.Range(0, count).Select(_ => new List<bool>()).ToArray();
        foreach (var line in JsonLinesReader.ReadAll<ExamplesLine>(directory.ExamplesFile))
        {
            foreach (var example in line.Right) histories[example].Add(true);
            foreach (var example in line.Wrong) histories[example].Add(false);
        }
        return [.. histories.Select(ExampleHistory.Of)];
    }
}
