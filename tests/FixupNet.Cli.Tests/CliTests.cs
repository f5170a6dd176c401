using FixupNet.Cli.Host;
using FixupNet.Experiments.Benchmarks;
using FixupNet.Experiments.Sweeps;
using FixupNet.Experiments.Trials;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Tests;

/// <summary>Runs command lines in this process, each test with a folder of its own.</summary>
internal abstract class CliTests
{
    /// <summary>A document that trains in about a second.</summary>
    protected const string Train = """
        { "name": "quick", "dataset": { "name": "synthetic-shapes", "trainExamples": 32, "testExamples": 16 },
          "model": { "name": "resnet-cifar", "depth": 8, "width": 2 }, "training": { "epochs": 1, "batchSize": 16 } }
        """;

    /// <summary>A sweep of four trials over <see cref="Train"/> in train.json.</summary>
    protected const string Sweep = """
        { "name": "tiny", "base": "train.json", "grid": { "model.depth": [8, 14], "model.variant": ["fixup", "plain"] } }
        """;

    protected string Folder { get; private set; } = "";

    [SetUp]
    public void CreateFolder()
    {
        Folder = Directory.CreateTempSubdirectory("fixupnet-").FullName;
        Write("train.json", Train);
        Write("sweep.json", Sweep);
    }

    [TearDown]
    public void DeleteFolder() => Directory.Delete(Folder, recursive: true);

    protected string At(params string[] names) => Path.Combine([Folder, .. names]);

    protected string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    protected static CliResult Run(params string[] args) => RunWith(new NoProcess(), args);

    protected static CliResult RunWith(ITrialProcess process, params string[] args) => RunWith(process, TimeProvider.System, args);

    protected static CliResult RunWith(ITrialProcess process, TimeProvider clock, string[] args) =>
        RunIn(host => host with { TrialProcess = process, Clock = clock }, args);

    protected static CliResult RunWith(IContenderLauncher contenders, params string[] args) => RunIn(host => host with { Contenders = contenders }, args);

    /// <summary>The folder of the sweep that <see cref="RunSweep"/> ran.</summary>
    protected string SweepFolder => Directory.GetDirectories(At("out")).Single();

    /// <summary>Runs the sweep of sweep.json.</summary>
    protected CliResult RunSweep(EndingProcess process, params string[] more) =>
        RunWith(process, ["sweep", "run", At("sweep.json"), "--output", At("out"), .. more]);

    protected static CliResult RunIn(Func<CliHost, CliHost> change, string[] args)
    {
        using var interruption = new Interruption();
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var log = new RunLog(new ConsoleSink(error));
        var host = new CliHost(output, error)
        {
            Interruption = interruption,
            Log = log,
            TrialProcess = new NoProcess(),
            StepMeasurer = new FixedMeasurer(),
            Contenders = new FixedContenders(),
        };
        var exitCode = Program.Run(args, change(host));
        return new CliResult(exitCode, output.ToString(), error.ToString());
    }

    private sealed class NoProcess : ITrialProcess
    {
        public Task<TrialExit> RunAsync(TrialLaunch launch, CancellationToken end, CancellationToken kill) =>
            throw new InvalidOperationException("No trial is to be started.");
    }
}

/// <summary>Finds every step to take the same.</summary>
internal sealed class FixedMeasurer : IStepMeasurer
{
    public (StepMeasurement Measurement, double StartSeconds) Measure(string configJson, IReadOnlyList<string> overrides, StepPlan? plan, int? threads) =>
        (new StepMeasurement(plan ?? new StepPlan(16), 0.25, 0.001, 1, 2, 16, 10, 100 << 20, 200 << 20), 0.5);
}

/// <summary>What a command line left.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error)
{
    /// <summary>The lines on standard error.</summary>
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Ends every trial as it is told, without training.</summary>
internal sealed class EndingProcess(TrialState state, int exitCode, params string[] errorLines) : ITrialProcess
{
    public int StartedCount { get; private set; }

    public int? LastThreads { get; private set; }

    public string? LastDevice { get; private set; }

    public Task<TrialExit> RunAsync(TrialLaunch launch, CancellationToken end, CancellationToken kill)
    {
        StartedCount++;
        (LastThreads, LastDevice) = (launch.Threads, launch.Device);
        if (state is TrialState.Completed or TrialState.Diverged)
            launch.Trial.WriteSummary(new TrialSummary(state, 3, 1, 0.5, Test: new MetricValues(("loss", 1.5), ("accuracy", 0.4321))));
        return Task.FromResult(new TrialExit(exitCode, errorLines));
    }
}
