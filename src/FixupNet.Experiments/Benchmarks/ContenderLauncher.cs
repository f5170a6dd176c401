using System.Globalization;
using FixupNet.Engine;
using FixupNet.Experiments.Processes;
using FixupNet.Experiments.Trials;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>Starts contenders: this same program's command "bench-contender", or PyTorch.</summary>
/// <param name="clock">Tells the time.</param>
public sealed class ContenderLauncher(TimeProvider clock) : IContenderLauncher
{
    private PyTorch? PyTorch => field ??= PyTorch.Find();

    /// <inheritdoc/>
    public string? WhyNot(Contender contender) => contender.Kind switch
    {
        ContenderKind.Floor => contender.Model.SeesImages ? null : "it is that of convolutions",
        ContenderKind.Engine => WhyNotEngine(contender),
        ContenderKind.Eager => null,
        ContenderKind.CudaGraph or ContenderKind.CudaGraphWithoutNorms => CudaGraphs.WhyNot(TorchSharp.torch.CUDA),
        _ when !contender.Model.MethodsOfPyTorch.Contains(contender.Variant) =>
            $"bench/pytorch_step.py has {string.Join(" and ", contender.Model.MethodsOfPyTorch)} alone, not {contender.Variant}",
        _ => PyTorch is null ? $"no Python with torch: none of {string.Join(", ", PyTorch.Candidates)} can \"import torch\" (Debian: python3-torch)" : null,
    };

    /// <inheritdoc/>
    public IContenderProcess Start(Contender contender)
    {
        var name = $"{contender.Kind} at depth {contender.Depth}";
        return PyTorch.Computes(contender.Kind)
            ? new ContenderProcess(() => PyTorch!.Start(contender), name, clock)
            : new ContenderProcess(() => OwnProgram.Start(Arguments(contender)), name, clock);
    }

    private static string? WhyNotEngine(Contender contender)
    {
        if (!contender.Model.SeesImages) return "it computes networks of images";
        using var network = contender.Model.Create(contender.Variant, contender.Model.Depths[0]);
        var isNormalized = network.Topology.UsesBatchStatistics;
        if (isNormalized && contender.MemoryBudget is not null) return "batch normalization needs the whole batch in memory";
        return DepthFirstEngine.WhyNot(network) ?? DepthFirstEngine.WhyNotPrecision(isNormalized, DepthFirstPlanner.PrecisionOf(contender.Precision));
    }

    private static List<string> Arguments(Contender contender)
    {
        List<string> arguments =
        [
            "bench-contender", $"{contender.Kind}",
            "--depth", Text(contender.Depth), "--batch", Text(contender.BatchSize), "--threads", Text(contender.Threads),
            "--precision", $"{contender.Precision}", "--device", contender.Device, "--model", contender.Model.Name, "--size", Text(contender.Model.Size), "--variant", contender.Variant,
        ];
        if (contender.MemoryBudget is { } budget) arguments.AddRange(["--memory-budget", budget]);
        return arguments;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
