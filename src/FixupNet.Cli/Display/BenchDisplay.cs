using System.Globalization;
using FixupNet.Experiments.Benchmarks;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Statistics;

namespace FixupNet.Cli.Display;

/// <summary>The result of a benchmark as people read it.</summary>
internal static class BenchDisplay
{
    /// <summary>Writes a table a network, with a line for each ratio that is not a column.</summary>
    public static void Write(TextWriter output, BenchmarkResult result)
    {
        var machine = result.Environment;
        output.WriteLine($"{(machine.Gpu is { } card ? $"{card}; " : "")}{machine.Cpu}, {machine.Cores} cores, {machine.InstructionSet}; libtorch {machine.Libtorch}");
        foreach (var network in result.Networks) Write(output, result, network);
        output.WriteLine();
        foreach (var note in result.Notes) output.WriteLine(note);
        if (result.Networks.Any(network => network.Rows.Any(row => row.Kind == ContenderKind.Floor))) output.WriteLine("Of limit: the speed as a share of what the processor's multiply-adds allow for convolutions computed directly; above 100 % where fewer numbers are multiplied.");
        output.WriteLine("Ratios are medians over rounds of the ratio within a round. Times of another call do not compare: the machine's clock changes.");
    }

    private static void Write(TextWriter output, BenchmarkResult result, BenchmarkNetwork network)
    {
        output.WriteLine();
        var variant = network.Variant switch { "fixup" => "Fixup", "batchnorm" => "BatchNorm", var name => name };
        var model = BenchmarkModel.Of(network.Model);
        var title = string.Format(CultureInfo.InvariantCulture, model.Title, network.Depth);
        var size = model.TakesAnySize ? FormattableString.Invariant($", {network.Size}×{network.Size}") : "";
        output.WriteLine(FormattableString.Invariant(
            $"{variant} {title}{size}, batch {result.BatchSize}, {network.Rounds} rounds of {result.SecondsPerRound:G4} s for each"));
        var table = new TextTable("contender", ">threads", $">{network.Unit}/s", ">min–max", ">to PyTorch", ">of limit", ">peak memory", ">first step");
        foreach (var row in network.Rows)
            table.Add(
                row.Depth == network.Depth ? row.Name : $"{row.Name}, depth {row.Depth}", $"{row.Threads}", Number(row.ImagesPerSecondMedian),
                $"{Number(row.ImagesPerSecondMin)}–{Number(row.ImagesPerSecondMax)}", Ratio(row.RatioToPytorchNchw), Share(row.ShareOfFloor),
                RunText.Bytes(row.PeakMemoryBytes), FormattableString.Invariant($"{row.FirstStepSeconds:F2} s"));
        table.WriteTo(output);
        foreach (var line in Lines(network)) output.WriteLine(line);
    }

    private static IEnumerable<string> Lines(BenchmarkNetwork network)
    {
        var engine = network.Rows.FirstOrDefault(row => row is { Kind: ContenderKind.Engine, Precision: Precision.Float32 });
        if (network.CoresRatio is { } cores)
            yield return FormattableString.Invariant($"cores: the engine is {cores:F2} times as fast on {network.Rows.Max(row => row.Threads)} threads as on one");
        if (engine?.RecordNormsPercent is { } percent)
            yield return FormattableString.Invariant($"gradient norms: measuring and writing those of all layers takes {percent:F2} % of an engine's step");
        if (engine?.EngineCreationSeconds is { } creation)
            yield return FormattableString.Invariant(
                $"first step: {engine.FirstStepSeconds:F2} s after the start of the process, of which making the engine took {creation:F2} s");
        foreach (var line in CompiledLines(network)) yield return line;
        if (network.LayerTimeRatioToDepth110 is { } layer)
            yield return FormattableString.Invariant($"depth: a layer takes {layer:F2} times what it takes at depth {BenchmarkOptions.ReferenceDepth}");
        if (engine?.Plan is { } plan && network.LayerTimeRatioToDepth110 is not null) yield return $"memory: {plan}";
    }

    // On a GPU: how the captured step stands to PyTorch's compiled ones, and what norms cost it.
    private static IEnumerable<string> CompiledLines(BenchmarkNetwork network)
    {
        BenchmarkRow? Of(ContenderKind kind) => network.Rows.FirstOrDefault(row => row.Kind == kind);
        if (Of(ContenderKind.CudaGraph) is not { } graph) yield break;
        foreach (var kind in (ContenderKind[])[ContenderKind.PytorchCompiled, ContenderKind.PytorchCompiledGraphs])
            if (Of(kind) is { } compiled)
                yield return FormattableString.Invariant(
                    $"{graph.Name}: {BenchmarkStatistics.PairedRatio(graph.ImagesPerSecondOfRounds, compiled.ImagesPerSecondOfRounds):F2} times as fast as {compiled.Name}");
        if (Of(ContenderKind.CudaGraphWithoutNorms) is { } without && BenchmarkStatistics.PairedRatio(without.ImagesPerSecondOfRounds, graph.ImagesPerSecondOfRounds) is { } ratio)
            yield return FormattableString.Invariant($"gradient norms: measuring and writing those of all layers takes {100 * (1 - 1 / ratio):F2} % of a step");
    }

    private static string Number(double value) => FormattableString.Invariant($"{value:G4}");

    private static string Ratio(double? value) => value is { } ratio ? FormattableString.Invariant($"{ratio:F2}×") : "";

    private static string Share(double? value) => value is { } share ? FormattableString.Invariant($"{100 * share:F0} %") : "";
}
