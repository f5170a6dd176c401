using System.Security.Cryptography;
using FixupNet.Architectures;
using FixupNet.Methods;
using FixupNet.Randomness;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;
using RangeAttribute = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace FixupNet.Cli.Tests.OwnTask;

/// <summary>Options of the task "linear-map".</summary>
/// <param name="Dimension">Numbers of a vector.</param>
/// <param name="TrainExamples">Vectors to learn from.</param>
/// <param name="TestExamples">Vectors to measure on.</param>
/// <param name="Seed">Chooses the map and the vectors.</param>
public sealed record LinearMapOptions(
    [property: Range(1, 1000)] int Dimension = 8, [property: Range(1, 100_000)] int TrainExamples = 256, [property: Range(1, 100_000)] int TestExamples = 64,
    [property: Range(0, 1_000_000)] int Seed = 1);

/// <summary>Vectors and what they are mapped to.</summary>
/// <param name="Input">The vectors as images of one pixel [N,d,1,1].</param>
/// <param name="Targets">[N,K].</param>
/// <param name="DropSeed">The seed of what the network drops at random.</param>
/// <param name="FirstExample">The position of the first vector in the whole batch.</param>
public sealed record VectorBatch(Tensor Input, Tensor Targets, ulong DropSeed = 0, int FirstExample = 0) : Batch(Input, DropSeed, FirstExample)
{
    /// <inheritdoc/>
    public override VectorBatch Slice(int start, int count) =>
        new(Input.narrow(0, start, count), Targets.narrow(0, start, count), DropSeed, FirstExample + start) { Indices = Indices?.narrow(0, start, count) };
}

/// <summary>A task from outside the product: a network learns a linear map of vectors, and metrics that no other task has.</summary>
public sealed class LinearMap : ITask
{
    private const int Outputs = 2;

    private readonly SeedPlan _seeds;
    private readonly int _batchSize;
    private readonly VectorBatch _train;
    private readonly VectorBatch _test;

    private LinearMap(LinearMapOptions options, TaskContext context)
    {
        (_seeds, _batchSize, Inputs) = (context.Seeds, context.Batches.BatchSize, new ImageShape(options.Dimension, 1, 1));
        using var generator = new Generator((ulong)options.Seed, CPU);
        using var scope = NewDisposeScope();
        var map = randn([options.Dimension, Outputs], ScalarType.Float64, generator: generator);
        VectorBatch Draw(int count)
        {
            var vectors = randn([count, options.Dimension], ScalarType.Float64, generator: generator);
            Tensor Kept(Tensor values) => values.to(context.Batches.Precision, context.Device).DetachFromDisposeScope();
            return new VectorBatch(Kept(vectors.view(count, options.Dimension, 1, 1)), Kept(vectors.matmul(map)));
        }
        (_train, _test) = (Draw(options.TrainExamples), Draw(options.TestExamples));
        DataDigest = Convert.ToHexStringLower(SHA256.HashData(_train.Input.cpu().contiguous().bytes));
    }

    /// <summary>The task's line for a registry.</summary>
    public static TaskEntry Entry { get; } = TaskEntry.Of<LinearMapOptions>(
        new TaskRecord(
            "linear-map",
            [
                Metric.LossIn("squared error"), new Metric("explainedVariance", Summed: MetricSumming.Whole), new Metric("rightSigns", Metric.Share),
                new Metric("typicalError", "of the outputs' unit", MetricDirection.Lower, MetricSumming.ExponentialOfMean),
            ],
            BestBy: "explainedVariance", Examples: "vectors"),
        "learns a linear map of vectors", (options, context) => new LinearMap(options, context), traits: new TaskTraits("vectors"));

    /// <summary>A network for it: a vector is an image of one pixel.</summary>
    public static ModelEntry Model { get; } = ModelEntry.Of<ResNetCifarOptions>(
        "vector-resnet", "residual network over vectors", (options, outputs, vectors) => new ResNetCifar(options, outputs, vectors), options => options.Variant ?? new FixupMethod(), inputs: "vectors");

    /// <inheritdoc/>
    public string DataName => "linear-map";

    /// <inheritdoc/>
    public string DataDigest { get; }

    /// <inheritdoc/>
    public ImageShape Inputs { get; }

    /// <inheritdoc/>
    public int OutputCount => Outputs;

    /// <inheritdoc/>
    public int TrainCount => _train.Count;

    /// <inheritdoc/>
    public int TestCount => _test.Count;

    /// <inheritdoc/>
    public int BatchesPerEpoch => (TrainCount + _batchSize - 1) / _batchSize;

    /// <inheritdoc/>
    public Batch Training(int epoch, int index)
    {
        var order = Permutation.Of(TrainCount, _seeds.DataOrder(epoch));
        var picked = tensor([.. order.Skip(index * _batchSize).Take(_batchSize).Select(place => (long)place)], device: _train.Input.device);
        return new VectorBatch(_train.Input.index_select(0, picked), _train.Targets.index_select(0, picked), _seeds.Dropout(epoch, index)) { Indices = picked };
    }

    /// <inheritdoc/>
    public Tensor Loss(Tensor outputs, Batch batch) => F.mse_loss(outputs, ((VectorBatch)batch).Targets);

    /// <inheritdoc/>
    public IReadOnlyList<MetricTotal> Measure(Tensor outputs, Batch batch)
    {
        using var scope = NewDisposeScope();
        var targets = ((VectorBatch)batch).Targets;
        var count = (double)targets.numel();
        return
        [
            new("rightSigns", outputs.sign().eq(targets.sign()).sum().ToInt64(), count),
            new("typicalError", (outputs - targets).abs().log().sum().ToDouble(), count),
        ];
    }

    /// <inheritdoc/>
    public Evaluation Evaluate(nn.Module<Tensor, Tensor> network, Func<Tensor, Tensor> forward, int? maxExamples, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        cancellation.ThrowIfCancellationRequested();
        var some = _test.Slice(0, Math.Min(TestCount, maxExamples ?? TestCount));
        var outputs = forward(some.Input);
        var totals = new MetricTotals(Entry.Record.Metrics);
        totals.Add([new(Metric.Loss, Loss(outputs, some).ToDouble(), 1), .. Measure(outputs, some)]);
        var explained = 1 - ((some.Targets - outputs).square().sum() / (some.Targets - some.Targets.mean([0L], keepdim: true)).square().sum()).ToDouble();
        return new Evaluation(new MetricValues([.. totals.Values(), ("explainedVariance", explained)]), some.Count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var values in (Tensor[])[_train.Input, _train.Targets, _test.Input, _test.Targets]) values.Dispose();
    }
}
