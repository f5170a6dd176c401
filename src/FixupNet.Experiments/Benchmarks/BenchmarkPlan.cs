using FixupNet.Experiments.Configuration;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>Who is measured beside whom.</summary>
/// <param name="Heats">One a network; the contenders of a heat take turns.</param>
/// <param name="Notes">Who cannot run on this machine, and why.</param>
internal sealed record BenchmarkPlan(IReadOnlyList<BenchmarkHeat> Heats, IReadOnlyList<string> Notes)
{
    /// <summary>Chooses the contenders.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="launcher">Knows what this machine can run.</param>
    /// <exception cref="NotSupportedException">Nothing that was asked for can run here.</exception>
    internal static BenchmarkPlan For(BenchmarkOptions options, IContenderLauncher launcher)
    {
        var notes = new List<string>();
        var heats = options.Depths.Select(depth => new BenchmarkHeat(depth, options.Rounds, options.IsOnCard ? OnCard(options, depth) : Shallow(options, depth)))
            .Concat(options.DeepDepths.Select(depth => new BenchmarkHeat(depth, options.DeepRounds, Deep(options, depth))))
            .Select(heat => heat with { Contenders = [.. heat.Contenders.Select(contender => contender with { Model = options.Model, Variant = options.Variant }).Where(contender => CanRun(contender, launcher, notes))] })
            .Where(heat => heat.Contenders.Count > 0)
            .ToList();
        if (heats.Count == 0) throw new NotSupportedException($"Nothing to measure: {string.Join("; ", notes)}.");
        return new BenchmarkPlan(heats, notes);
    }

    private static List<Contender> Shallow(BenchmarkOptions options, int depth)
    {
        var all = new Contender(ContenderKind.Floor, depth, options.BatchSize, options.Threads);
        var contenders = new List<Contender>();
        void Add(ContenderGroup group, params IEnumerable<Contender> members)
        {
            if (options.Groups.Contains(group)) contenders.AddRange(members);
        }
        Add(ContenderGroup.Floor, all);
        Add(ContenderGroup.Engine, all with { Kind = ContenderKind.Engine }, all with { Kind = ContenderKind.Engine, Precision = Precision.BFloat16 });
        Add(ContenderGroup.Eager, all with { Kind = ContenderKind.Eager });
        Add(ContenderGroup.Pytorch, options.Model.KindsOfPyTorch.Select(kind => all with { Kind = kind }));
        Add(ContenderGroup.Compile, all with { Kind = ContenderKind.PytorchCompiled });
        if (options.Threads == 1) return contenders;
        Add(ContenderGroup.Floor, all with { Threads = 1 });
        Add(ContenderGroup.Engine, all with { Kind = ContenderKind.Engine, Threads = 1 });
        return contenders;
    }

    private static List<Contender> OnCard(BenchmarkOptions options, int depth)
    {
        Contender Of(ContenderKind kind, Precision precision = Precision.BFloat16) =>
            new(kind, depth, options.BatchSize, options.Threads, precision, Device: options.Device);
        var contenders = new List<Contender>();
        if (options.Groups.Contains(ContenderGroup.Engine)) contenders.AddRange([Of(ContenderKind.CudaGraph), Of(ContenderKind.CudaGraphWithoutNorms)]);
        if (options.Groups.Contains(ContenderGroup.Eager)) contenders.Add(Of(ContenderKind.CudaGraph, Precision.Float32));
        if (!options.Groups.Contains(ContenderGroup.Pytorch)) return contenders;
        contenders.AddRange([Of(ContenderKind.PytorchCuda), Of(ContenderKind.PytorchCompiled)]);
        // Whole, a deeper network takes hours to compile; block by block, its graphs take more time than they save.
        if (depth <= BenchmarkOptions.ReferenceDepth) contenders.Add(Of(ContenderKind.PytorchCompiledGraphs));
        return contenders;
    }

    private static List<Contender> Deep(BenchmarkOptions options, int depth)
    {
        var floor = new Contender(ContenderKind.Floor, depth, options.BatchSize, options.Threads);
        var engine = floor with { Kind = ContenderKind.Engine, MemoryBudget = BenchmarkOptions.DeepMemoryBudget(depth) };
        List<Contender> engines = [.. new[] { engine, engine with { Depth = BenchmarkOptions.ReferenceDepth } }.Distinct()];
        return options.Groups.Contains(ContenderGroup.Floor) ? [floor, .. engines] : engines;
    }

    private static bool CanRun(Contender contender, IContenderLauncher launcher, List<string> notes)
    {
        if (launcher.WhyNot(contender) is not { } reason) return true;
        var note = $"{ContenderNames.Of(contender.Kind, contender.Precision)} is left out: {reason}";
        if (!notes.Contains(note)) notes.Add(note);
        return false;
    }
}
