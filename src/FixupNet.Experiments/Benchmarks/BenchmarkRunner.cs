using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Statistics;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>Measures contenders side by side: they take turns, so that what changes on the machine meanwhile meets all of them.</summary>
/// <param name="launcher">Starts them.</param>
/// <param name="tell">Takes lines of progress.</param>
public sealed class BenchmarkRunner(IContenderLauncher launcher, Action<string> tell)
{
    private sealed record Measured(Contender Contender, ContenderReady Ready, double FirstStepSeconds, IReadOnlyList<ContenderRound> Rounds)
    {
        internal IReadOnlyList<double> Speeds { get; } =
            [.. Rounds.Select(round => Contender.BatchSize * Contender.Model.UnitsPerExample / BenchmarkStatistics.Median(round.StepSeconds))];
    }

    /// <summary>Measures.</summary>
    /// <param name="options">What and for how long.</param>
    /// <param name="environment">What it runs on.</param>
    /// <exception cref="NotSupportedException">Nothing that was asked for can run here.</exception>
    /// <exception cref="IOException">A contender failed.</exception>
    public BenchmarkResult Run(BenchmarkOptions options, BenchmarkEnvironment environment)
    {
        var plan = BenchmarkPlan.For(options, launcher);
        foreach (var note in plan.Notes) tell(note);
        var notes = plan.Notes.ToList();
        var networks = plan.Heats.Select(heat => Describe(heat, options, Measure(heat, options, notes))).ToList();
        return new BenchmarkResult(environment, options.BatchSize, options.SecondsPerRound, networks, notes);
    }

    private List<Measured> Measure(BenchmarkHeat heat, BenchmarkOptions options, List<string> notes)
    {
        var running = new List<(Contender Contender, IContenderProcess Process, List<ContenderRound> Rounds)>();
        var seconds = options.SecondsPerRound;
        try
        {
            if (options.IsOnCard) StartTogether(heat, running, notes);
            else
                foreach (var contender in heat.Contenders)
                {
                    tell($"depth {heat.Depth}: starting {ContenderNames.Of(contender.Kind, contender.Precision)}");
                    Start(contender, () => launcher.Start(contender), running, notes);
                }
            for (var round = 1; round <= heat.Rounds; round++)
            {
                tell($"depth {heat.Depth}: round {round} of {heat.Rounds}");
                foreach (var (_, process, rounds) in running) rounds.Add(process.Run(seconds));
            }
            return [.. running.Select(item => new Measured(item.Contender, item.Process.Ready, item.Process.FirstStepSeconds, item.Rounds))];
        }
        finally
        {
            foreach (var (_, process, _) in running) process.Dispose();
        }
    }

    // Compilers take minutes, and a card is often borrowed: all start at once, and who fails there leaves the others their turns.
    private void StartTogether(
        BenchmarkHeat heat, List<(Contender Contender, IContenderProcess Process, List<ContenderRound> Rounds)> running, List<string> notes)
    {
        tell($"depth {heat.Depth}: starting {string.Join(", ", heat.Contenders.Select(contender => ContenderNames.Of(contender.Kind, contender.Precision)))}");
        var starts = heat.Contenders.Select(contender => (contender, Task.Run(() => launcher.Start(contender)))).ToList();
        foreach (var (contender, start) in starts) Start(contender, () => start.GetAwaiter().GetResult(), running, notes);
        if (running.Count == 0) throw new IOException($"No contender could start at depth {heat.Depth}.");
    }

    // Whether a compiler works is known when it has compiled; and a card is often borrowed.
    private void Start(
        Contender contender, Func<IContenderProcess> start, List<(Contender Contender, IContenderProcess Process, List<ContenderRound> Rounds)> running, List<string> notes)
    {
        try
        {
            running.Add((contender, start(), []));
        }
        catch (IOException error) when (contender.Kind == ContenderKind.PytorchCompiled || contender.Device != "cpu")
        {
            notes.Add($"{ContenderNames.Of(contender.Kind, contender.Precision)} at depth {contender.Depth} is left out: {error.Message}");
            tell(notes[^1]);
        }
    }

    private static BenchmarkNetwork Describe(BenchmarkHeat heat, BenchmarkOptions options, List<Measured> all)
    {
        var threads = all.Max(item => item.Contender.Threads);
        Measured? Engine(int depth, int count) => all.Find(item =>
            item.Contender is { Kind: ContenderKind.Engine, Precision: Precision.Float32 } contender && contender.Depth == depth && contender.Threads == count);
        var (engine, alone) = (Engine(heat.Depth, threads), Engine(heat.Depth, 1));
        var reference = heat.Depth == BenchmarkOptions.ReferenceDepth ? null : Engine(BenchmarkOptions.ReferenceDepth, threads);
        // Speed is examples a second: time a layer is its inverse, divided by depth.
        var layerTime = engine is null ? null : BenchmarkStatistics.PairedRatio(reference?.Speeds ?? [], reference is null ? null : engine.Speeds);
        return new BenchmarkNetwork(
            options.Model.Name, options.Variant, heat.Depth, ParameterCount(options, heat.Depth), heat.Rounds, [.. all.Select(item => Row(item, all))],
            engine is null || threads == 1 ? null : BenchmarkStatistics.PairedRatio(engine.Speeds, alone?.Speeds), options.Model.Unit, options.Model.Size,
            layerTime * BenchmarkOptions.ReferenceDepth / heat.Depth);
    }

    private static BenchmarkRow Row(Measured item, List<Measured> all)
    {
        var contender = item.Contender;
        IReadOnlyList<double>? Beside(ContenderKind kind) => all.Find(other => other.Contender.Kind == kind && other.Contender.IsBeside(contender))?.Speeds;
        var (steps, records) = (item.Rounds.SelectMany(round => round.StepSeconds).ToList(), item.Rounds.SelectMany(round => round.RecordSeconds ?? []).ToList());
        return new BenchmarkRow(
            ContenderNames.Of(contender.Kind, contender.Precision), contender.Kind, contender.Precision, contender.Depth, contender.Threads, item.Ready.Version,
            BenchmarkStatistics.Median(item.Speeds), item.Speeds.Min(), item.Speeds.Max(), item.Speeds, steps.Count,
            BenchmarkStatistics.PairedRatio(item.Speeds, Beside(ContenderKind.PytorchNchw) ?? Beside(ContenderKind.PytorchCuda) ?? Beside(ContenderKind.Pytorch)),
            BenchmarkStatistics.PairedRatio(item.Speeds, Beside(ContenderKind.Floor)),
            item.Rounds.Max(round => round.PeakMemoryBytes), item.FirstStepSeconds, item.Ready.CreationSeconds,
            records.Count == 0 ? null : 100 * BenchmarkStatistics.Median(records) / BenchmarkStatistics.Median(steps), item.Ready.Plan);
    }

    private static long ParameterCount(BenchmarkOptions options, int depth)
    {
        using var network = options.Model.Create(options.Variant, depth);
        return network.parameters().Sum(parameter => parameter.numel());
    }
}
