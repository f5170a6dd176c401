using System.Runtime.InteropServices;
using FixupNet.Runs.Records;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Trials;

/// <summary>Describes what a trial ran on, for env.json.</summary>
internal static class TrialEnvironment
{
    /// <summary>What a trial begins with; what was changed in the program's sources is kept beside it.</summary>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    internal static EnvironmentRecord Describe(TrialContext context, TrialOptions options)
    {
        var (trial, source) = (context.Trial, SourceOf(context, options));
        return new(
            Command: options.Command,
            Host: Environment.MachineName,
            Os: RuntimeInformation.OSDescription,
            Cpu: HostMachine.ProcessorName,
            Dotnet: RuntimeInformation.FrameworkDescription,
            Provider: HostMachine.ProviderName,
            Libtorch: HostMachine.Libtorch,
            Threads: get_num_threads(),
            DatasetDigest: trial.Task.DataDigest,
            Seeds: new Dictionary<string, long> { ["seed"] = trial.Seeds.Seed },
            StartedAt: context.Services.Clock.GetUtcNow(),
            Commit: source.Commit,
            Gpu: HostMachine.CardName(trial.Device),
            StepPlan: trial.Plan,
            Engine: trial.Engine,
            WeightsDigest: context.Document.Config.Initialization.Weights is { } weights ? WeightFiles.Digest(weights) : null,
            Source: source,
            Task: context.Document.Config.TaskRecord is var task && task == TaskRecord.ImageClassification ? null : task);
    }

    /// <summary>What a trial goes on with.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    internal static ResumeRecord Resume(long step, TrialContext context, TrialOptions options)
    {
        var source = SourceOf(context, options);
        return new(
            context.Services.Clock.GetUtcNow(), step, options.Command, Environment.MachineName, HostMachine.ProcessorName, HostMachine.Libtorch, get_num_threads(),
            source.Commit, HostMachine.CardName(context.Trial.Device), source);
    }

    private static SourceRecord SourceOf(TrialContext context, TrialOptions options) =>
        ProgramSource.Keep(options.SourcesFolder ?? context.Directory.Root, context.Directory.Root);
}
