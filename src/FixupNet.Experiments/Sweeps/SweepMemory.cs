using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Trials;
using FixupNet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Whether the trials that a sweep has left fit into memory, found out before the first one starts.</summary>
/// <param name="freeBytes">Memory free for all trials that run at once.</param>
/// <param name="options">How many those are, and where they compute: a GPU's memory is not looked at.</param>
internal sealed class SweepMemory(long freeBytes, SweepWorkerOptions options)
{
    // Networks are built to be asked only where they might be too large: generous guesses at what keeps a layer's activations of an image.
    private const double KeptCopies = 12;
    private const double BytesOfAPixel = 4;
    private const double BytesOfALayer = 4 * 64 * 56 * 56; // of models without a width, whose images have 224 × 224 pixels
    private const double PixelsOfThose = 224 * 224;

    private const int ClassCount = 100; // a folder's are not listed for this: the classifier is small beside the rest

    private readonly long _freeBytes = freeBytes / options.Jobs;
    private readonly Dictionary<string, string?> _problems = [];

    /// <summary>Finds the trials that do not fit.</summary>
    /// <param name="file">The document, for messages.</param>
    /// <param name="trials">The trials that have not ended.</param>
    /// <returns>The problems, each with the trials that it concerns: errors where a budget is fixed in bytes, else warnings, for what is free may change.</returns>
    public IReadOnlyList<ConfigError> Problems(string file, IReadOnlyList<TrialPlan> trials)
    {
        var errors = new TrialErrors();
        foreach (var shape in trials.GroupBy(ShapeOf))
        {
            // Memory grows with depth: where the deepest fits, all do.
            var deepestFirst = shape.OrderByDescending(MeasuredShape.Depth).ToList();
            foreach (var trial in deepestFirst.TakeWhile(trial => ProblemOf(trial) is not null))
            {
                var kind = BudgetOf(trial.Config).Bytes is null ? ProblemKind.Warning : ProblemKind.Invalid;
                errors.Add(trial.ShortName, [new ConfigError(file, null, "training.memoryBudget", $"{ProblemOf(trial)} {Advice(trial.Config)}", kind)]);
            }
        }
        return [.. errors.Told(trials.Count)];
    }

    private static MemoryBudget BudgetOf(TrainConfig config) => MemoryBudget.Parse(config.Training.MemoryBudget ?? MemoryBudget.Default);

    private static string Advice(TrainConfig config) => config.Training switch
    {
        { MicroBatchSize: { } size } => $"Set training.microBatchSize, which is {size}, to null, which takes as few images at once as it needs, or allow more memory.",
        _ when Checks.EngineCheck.UsesBatchStatistics(config) => $"Its statistics need all {config.Training.BatchSize} images at once: take a smaller training.batchSize, or allow more memory.",
        _ => "Allow more memory, or take a smaller network.",
    };

    // All that memory depends on, but for depth.
    private static string ShapeOf(TrialPlan trial)
    {
        var document = JsonNode.Parse(trial.ConfigJson)!;
        var (model, training) = (document["model"]!.AsObject(), document["training"]!);
        model.Remove("depth");
        return $"{model.ToJsonString()} {ImagesOf(trial.Config)} {training["batchSize"]} {training["microBatchSize"]} {training["precision"]} {training["engine"]} {training["memoryBudget"]}";
    }

    private static ImageShape ImagesOf(TrainConfig config) => config.Registries.Datasets[config.Dataset.Name].ShapeOf(config.Dataset.Options);

    private string? ProblemOf(TrialPlan trial)
    {
        if (IsSurelySmall(trial)) return null;
        var key = $"{ShapeOf(trial)} {MeasuredShape.Depth(trial)}";
        return _problems.TryGetValue(key, out var known) ? known : _problems[key] = Ask(trial.Config);
    }

    private bool IsSurelySmall(TrialPlan trial)
    {
        var model = JsonNode.Parse(trial.ConfigJson)!["model"]!;
        double? Option(string name) => (double?)model[name];
        double pixels = ImagesOf(trial.Config).Height * ImagesOf(trial.Config).Width;
        var layer = (Option("widenFactor") ?? 1) * (Option("width") is { } width ? width * BytesOfAPixel * pixels : BytesOfALayer * Math.Max(1, pixels / PixelsOfThose));
        var allowed = BudgetOf(trial.Config) is { Bytes: { } bytes } ? bytes : BudgetOf(trial.Config).Share!.Value * _freeBytes;
        return KeptCopies * layer * (MeasuredShape.Depth(trial) ?? 1) * trial.Config.Training.BatchSize < allowed;
    }

    // What the program and its data take is left out, so that nothing is told that is not so.
    private string? Ask(TrainConfig config)
    {
        // The network of another task has the size of its data, which are not read here.
        if (config.WhyNotEngines is not null || ComputeDevice.Of(options.Device).type != DeviceType.CPU) return null;
        using var network = config.Registries.Models[config.Model.Name].Create(config.Model.Options, ClassCount, ImagesOf(config));
        network.to(TrialAssembly.ElementType(config.Training.Precision));
        var own = StepMeter.CopiesOfParameters * StepMeter.ParameterBytes(network);
        try
        {
            StepCosts.Of(config, network, CPU).Plan(config, new MemoryNow(own, Math.Max(0, _freeBytes - own)), options.ThreadsPerTrial ?? get_num_threads());
            return null;
        }
        catch (ConfigException error) when (error.Errors[0].Path == "training.memoryBudget")
        {
            return error.Errors[0].Message;
        }
        catch (Exception error) when (error is ConfigException or DeviceNotAvailableException)
        {
            return null; // of another kind, which other checks tell
        }
    }
}
