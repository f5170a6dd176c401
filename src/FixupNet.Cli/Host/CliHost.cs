using FixupNet.Experiments;
using FixupNet.Experiments.Benchmarks;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Launchers;
using FixupNet.Experiments.Sweeps;

namespace FixupNet.Cli.Host;

/// <summary>What the commands take from the process they run in; tests give their own.</summary>
/// <param name="Output">Takes results.</param>
/// <param name="Error">Takes logs, progress and failures.</param>
internal sealed record CliHost(TextWriter Output, TextWriter Error)
{
    /// <summary>The command line, for the record.</summary>
    public string Command { get; init; } = "fixupnet";

    /// <summary>Opens standard input.</summary>
    public Func<Stream> OpenInput { get; init; } = Console.OpenStandardInput;

    /// <summary>Whether progress may be drawn in place.</summary>
    public bool IsLive { get; init; }

    /// <summary>Whether results may be drawn in place.</summary>
    public bool IsOutputLive { get; init; }

    /// <summary>Columns of the terminal that shows results; null where there is none.</summary>
    public int? OutputWidth { get; init; }

    /// <summary>Tells the time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Requests to end.</summary>
    public required Interruption Interruption { get; init; }

    /// <summary>Runs the trials of sweeps.</summary>
    public ITrialProcess TrialProcess { get; init; } = new TrialProcess();

    /// <summary>Measures training steps.</summary>
    public IStepMeasurer StepMeasurer { get; init; } = new StepMeasurerProcess(TimeProvider.System);

    /// <summary>Starts the contenders of benchmarks.</summary>
    public IContenderLauncher Contenders { get; init; } = new ContenderLauncher(TimeProvider.System);

    /// <summary>The commands of the Slurm site.</summary>
    public SlurmCommands Slurm { get; init; } = new();

    /// <summary>Logs.</summary>
    public required RunLog Log { get; init; }

    /// <summary>The named choices of configurations.</summary>
    public ConfigRegistries Registries { get; init; } = ProductRegistries.All;
}
