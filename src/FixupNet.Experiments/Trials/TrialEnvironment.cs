using System.Reflection;
using System.Runtime.InteropServices;
using FixupNet.Runs.Records;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Trials;

/// <summary>Describes what a trial ran on, for env.json.</summary>
internal static class TrialEnvironment
{
    internal static EnvironmentRecord Describe(TrialAssembly trial, TrialOptions options, TimeProvider clock) => new(
        Command: options.Command,
        Host: Environment.MachineName,
        Os: RuntimeInformation.OSDescription,
        Cpu: HostMachine.ProcessorName,
        Dotnet: RuntimeInformation.FrameworkDescription,
        Provider: HostMachine.ProviderName,
        Libtorch: __version__,
        Threads: get_num_threads(),
        DatasetDigest: trial.Dataset.Digest,
        Seeds: new Dictionary<string, long> { ["seed"] = trial.Seeds.Seed },
        StartedAt: clock.GetUtcNow(),
        Commit: Commit(),
        Gpu: HostMachine.CardName(trial.Device),
        StepPlan: trial.Plan,
        Engine: trial.Engine);

    internal static ResumeRecord Resume(long step, TrialAssembly trial, TrialOptions options, TimeProvider clock) => new(
        clock.GetUtcNow(), step, options.Command, Environment.MachineName, HostMachine.ProcessorName, __version__, get_num_threads(), Commit(),
        HostMachine.CardName(trial.Device));

    // The build writes the commit behind the version: "0.1.0+5f3c…".
    internal static string? Commit()
    {
        var version = typeof(TrialEnvironment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return version?.Split('+') is [_, var commit] ? commit : null;
    }
}
