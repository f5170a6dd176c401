using FixupNet.Augmentation;
using FixupNet.Engine.Cuda.Interop;
using FixupNet.Execution;
using FixupNet.Optimization;
using FixupNet.Optimization.GradientTransforms;
using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Engine.Cuda;

/// <summary>Training steps on an NVIDIA card in which nothing waits for the host: forward, backward, norms and update are one graph.</summary>
/// <remarks>
/// A step of a deep, narrow network is thousands of small kernels; launched one by one they wait for the host, recorded once they follow each
/// other. Loss, accuracy and gradient norms stay on the card, which also decides whether weights may change, and are copied into the
/// host's memory behind the step: <see cref="Read"/> waits for one step while later ones run. README.md in this folder explains the kernels.
/// </remarks>
public sealed unsafe class CudaEngine : IDisposable
{
    /// <summary>Steps that may be under way, unread.</summary>
    public const int StepsInFlight = 4;

    // Loss, images classified right, Σg², whether updated, whether finite; then Σg² of each parameter; where there are gradient transforms, then
    // what each of them changed, and Σg² after all of them.
    private const int Updated = 3;
    private const int AreFinite = 4;
    private const int FirstSquare = 5;

    private readonly ResidualNetwork _network;
    private readonly IOptimizer _optimizer;
    private readonly IQueuedOptimizer? _queued;
    private readonly WeightAverage? _average;
    private readonly IReadOnlyList<DropStep> _drops;
    private readonly CudaEngineOptions _options;
    private readonly IReadOnlyList<IGradientTransform> _transforms;
    private readonly Device _device;
    private readonly DeviceMemory _memory;
    private readonly List<ISegment> _segments = [];
    private readonly nint _stream;
    private readonly Tensor _results;
    private readonly Tensor _settings;
    private readonly nint _rule;
    private readonly NormPieces _pieces;
    private readonly StepSlots _slots;
    private readonly Dictionary<(int Images, bool Mixed), Recording> _recordings = [];
    private long _started;
    private long _read;
    private bool _disposed;

    /// <summary>What a step of one batch size reads, and the step itself.</summary>
    private sealed record Recording(Tensor Images, Tensor Labels, Tensor Partners, Tensor DropSeeds)
    {
        internal CudaGraph? Graph { get; set; }
    }

    /// <summary>Takes over the steps of a network.</summary>
    /// <param name="network">The network, in training mode; must outlive this object.</param>
    /// <param name="optimizer">Its optimizer; must outlive this object.</param>
    /// <param name="imageSide">Height and width of the images.</param>
    /// <param name="options">How steps are computed.</param>
    /// <param name="transforms">Change the optimizer's gradients before the update, one after the other; null for none.</param>
    /// <param name="average">Goes along behind the weights; null for none.</param>
    /// <exception cref="NotSupportedException">The kernels are not there, or the optimizer's update cannot be queued.</exception>
    public CudaEngine(
        ResidualNetwork network, IOptimizer optimizer, int imageSide, CudaEngineOptions options, IReadOnlyList<IGradientTransform>? transforms = null,
        WeightAverage? average = null)
    {
        if (Unavailable is { } reason) throw new NotSupportedException($"Steps cannot be captured: {reason}.");
        (_network, _optimizer, _queued, _average, _options, _transforms) = (network, optimizer, optimizer as IQueuedOptimizer, average, options, transforms ?? []);
        _drops = DropMask.StepsOf(network.Topology);
        if (!CanUpdate(optimizer)) throw new NotSupportedException($"Steps cannot be captured: updates of {optimizer.GetType().Name} cannot be queued.");
        _device = optimizer.Gradients.Whole.device;
        CudaMethods.Check(CudaMethods.fixupnet_cuda_use_device(Math.Max(0, _device.index)));
        _stream = _device.type == DeviceType.CUDA ? CudaRuntime.UseOwnStream(Math.Max(0, _device.index)) : 0;
        _memory = new DeviceMemory(_device);
        var resultCount = FirstTransform + (_transforms.Count > 0 ? _transforms.Count + 1 : 0);
        _results = _memory.Zeros(ScalarType.Float64, resultCount);
        _settings = _memory.Zeros(ScalarType.Float64, SettingCount);
        _rule = _memory.Copy<StopRule>([new StopRule { LossAbove = options.StopAtLossAbove, AtNonFinite = options.StopAtNonFinite ? 1 : 0 }]);
        _pieces = NormPieces.Of(optimizer.Gradients, _memory);
        _slots = new StepSlots(StepsInFlight + 1, SettingCount, resultCount);
        CreateSegments(imageSide);
    }

    /// <summary>Why the engine cannot be used on this machine; null where it can.</summary>
    public static string? Unavailable => CudaMethods.Unavailable;

    /// <summary>Whether an optimizer's updates can be part of a captured step.</summary>
    /// <param name="optimizer">The optimizer.</param>
    public static bool CanUpdate(IOptimizer optimizer) => optimizer is Sgd or IQueuedOptimizer;

    /// <summary>How the network is computed, for the log.</summary>
    public string Description
    {
        get
        {
            var fused = _segments.OfType<FusedRun>().Sum(run => run.BlockCount);
            var blocks = _network.Topology.Branches.Count;
            var again = _options.Recompute ? ", activations of the others computed again in the backward pass" : "";
            return $"{(_options.Captured ? "one CUDA graph a step" : "kernel by kernel")}, {fused} of {blocks} blocks by fused kernels{again}";
        }
    }

    /// <summary>Bytes of the device that it holds for itself.</summary>
    public long Bytes => _memory.Bytes + _segments.Sum(segment => segment.Bytes);

    /// <summary>Queues a step; at most <see cref="StepsInFlight"/> others may be unread.</summary>
    /// <param name="images">Images [N,C,H,W] in the parameters' type, on the device.</param>
    /// <param name="labels">Class indices [N], int64.</param>
    /// <param name="partnerLabels">With mixup, class indices of the partners [N], int64; else null.</param>
    /// <param name="lambda">With mixup, the share of <paramref name="labels"/>, in [0, 1].</param>
    /// <param name="learningRateFactor">Factor on every learning rate, finite and 0 or more.</param>
    /// <param name="dropSeed">The batch's seed of what the network drops at random.</param>
    /// <returns>The step's number, for <see cref="Read"/>.</returns>
    public long Start(Tensor images, Tensor labels, Tensor? partnerLabels, double lambda, double learningRateFactor, ulong dropSeed = 0)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!double.IsFinite(learningRateFactor) || learningRateFactor < 0)
            throw new ArgumentOutOfRangeException(nameof(learningRateFactor), learningRateFactor, "The factor must be finite and 0 or more.");
        var recording = RecordingOf((int)images.shape[0], images, partnerLabels is not null);
        var step = _started++;
        using (no_grad())
        {
            recording.Images.copy_(images);
            recording.Labels.copy_(labels);
            if (partnerLabels is not null) recording.Partners.copy_(partnerLabels);
            SetDropSeeds(recording.DropSeeds, dropSeed);
        }
        // A step that turns out to change nothing is the last that matters: those behind it need no numbers of their own.
        _slots.Begin(step, _stream, CudaRuntime.AddressOf(_settings), [lambda, 1 - lambda, .. UpdateNumbers(learningRateFactor, ahead: step - _read)]);
        if (recording.Graph is { } graph) graph.Replay();
        else Queue(recording, partnerLabels is not null);
        _slots.End(step, _stream, CudaRuntime.AddressOf(_results));
        return step;
    }

    /// <summary>Waits for a step and reads what it measured.</summary>
    /// <param name="number">What <see cref="Start"/> returned, at most <see cref="StepsInFlight"/> starts ago.</param>
    public CudaStepResult Read(long number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, _started);
        ArgumentOutOfRangeException.ThrowIfLessThan(number, _started - StepsInFlight - 1);
        var results = _slots.Wait(number);
        if (number >= _read)
        {
            _read = number + 1;
            if (results[Updated] != 0) _queued?.Count();
        }
        var squares = results[FirstSquare..FirstTransform].ToArray();
        return new CudaStepResult(results[0], results[1], results[2], squares, results[Updated] != 0, results[AreFinite] != 0, TransformedOf(results[FirstTransform..]));
    }

    /// <summary>Computes class scores in the engine's precision, without gradients.</summary>
    /// <param name="images">Images [N,C,H,W] in the parameters' type, on the device.</param>
    /// <returns>Logits [N,K] in the parameters' type.</returns>
    public Tensor Evaluate(Tensor images)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        if (!_options.BFloat16) return _network.call(images).MoveToOuterDisposeScope();
        using var autocast = CudaRuntime.AutocastBFloat16(_device.type);
        return _network.call(images).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the graphs and the memory; parameters and the optimizer's state stay.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Synchronize();
        foreach (var (images, labels, partners, seeds) in _recordings.Values)
            foreach (var held in (Tensor[])[images, labels, partners, seeds]) held.Dispose();
        foreach (var recording in _recordings.Values) recording.Graph?.Dispose();
        foreach (var segment in _segments) segment.Dispose();
        _slots.Dispose();
        _memory.Dispose();
    }

    /// <summary>Memory of the card that is free and that it has, in bytes.</summary>
    public static (long Free, long Total) MemoryOfCard()
    {
        CudaMethods.Check(CudaMethods.fixupnet_cuda_memory(out var free, out var total));
        return (free, total);
    }

    private int FirstTransform => FirstSquare + _optimizer.Gradients.Parameters.Count;

    private TransformedGradient? TransformedOf(ReadOnlySpan<double> results)
    {
        if (results is not [.. var clipped, var square]) return null;
        List<TransformReading> readings = [];
        for (var i = 0; i < clipped.Length; i++) readings.Add(new TransformReading(_transforms[i].Name, clipped[i]));
        return new TransformedGradient(Math.Sqrt(square), readings);
    }

    private void CreateSegments(int imageSide)
    {
        foreach (var (stages, fused) in CudaPlan.SegmentsOf(_network, imageSide, _options))
        {
            _segments.Add(fused.Count > 0
                ? new FusedRun([.. fused.Select(block => block.Block)], _optimizer.Gradients, _options.MicroBatchSize, fused[0].Side, _device)
                : new DifferentiatedSegment(_network, CudaPlan.PartsOf(stages, _options), _segments.Count == 0, _options.BFloat16, _device.type));
        }
    }

    private Recording RecordingOf(int count, Tensor like, bool mixed)
    {
        if (_recordings.TryGetValue((count, mixed), out var known)) return known;
        using var scope = NewDisposeScope();
        var made = new Recording(
            zeros(like.shape, like.dtype, _device).DetachFromDisposeScope(),
            zeros([count], ScalarType.Int64, _device).DetachFromDisposeScope(),
            zeros([count], ScalarType.Int64, _device).DetachFromDisposeScope(),
            zeros([_drops.Count, count], ScalarType.Int64, _device).DetachFromDisposeScope());
        for (var start = 0; start < count; start += _options.MicroBatchSize)
            foreach (var segment in _segments) segment.Prepare(Math.Min(_options.MicroBatchSize, count - start), start > 0);
        if (_options.Captured)
        {
            WarmUp(made, mixed);
            var graph = new CudaGraph();
            graph.Capture(() => Queue(made, mixed), _recordings.Values.Select(recording => recording.Graph).FirstOrDefault());
            made.Graph = graph;
        }
        return _recordings[(count, mixed)] = made;
    }

    // Libraries choose algorithms and take memory at their first calls, which cannot be recorded. The weights are left alone, for the rule
    // says stopped, and running statistics are put back.
    private void WarmUp(Recording recording, bool mixed)
    {
        using var scope = NewDisposeScope();
        var ruleBefore = ReadRule();
        WriteRule(ruleBefore with { Stopped = 1 });
        using (new BufferSnapshot(_network))
            for (var i = 0; i < 2; i++) Queue(recording, mixed);
        Synchronize();
        WriteRule(ruleBefore);
    }

    private void Synchronize()
    {
        if (_device.type == DeviceType.CUDA) cuda.synchronize(_device);
    }

    private StopRule ReadRule()
    {
        StopRule rule;
        CudaMethods.Check(CudaMethods.fixupnet_cuda_copy(_stream, (nint)(&rule), _rule, sizeof(StopRule)));
        Synchronize();
        return rule;
    }

    private void WriteRule(StopRule rule)
    {
        CudaMethods.Check(CudaMethods.fixupnet_cuda_copy(_stream, _rule, (nint)(&rule), sizeof(StopRule)));
        Synchronize();
    }

    // The step: everything is queued, nothing is waited for.
    private void Queue(Recording recording, bool mixed)
    {
        using var scope = NewDisposeScope();
        using (no_grad())
        {
            _optimizer.ZeroGradients();
            _results.zero_();
        }
        foreach (var segment in _segments) segment.BeginStep(_stream);
        var count = (int)recording.Images.shape[0];
        for (var start = 0; start < count; start += _options.MicroBatchSize) QueuePart(recording, mixed, start, Math.Min(_options.MicroBatchSize, count - start), count);
        QueueUpdate();
    }

    private void QueuePart(Recording recording, bool mixed, int start, int length, int count)
    {
        using var scope = NewDisposeScope();
        Tensor Part(Tensor whole) => whole.narrow(0, start, length);
        using var drawing = _drops is [var first, ..]
            ? first.Draws.BeginOnDevice(_drops.Index().ToDictionary(drop => drop.Item.Name, drop => Part(recording.DropSeeds.select(0, drop.Index))))
            : null;
        var activations = Part(recording.Images);
        foreach (var segment in _segments) activations = segment.Forward(_stream, activations);
        var logits = activations.detach().requires_grad_();
        var loss = QueueLoss(logits, Part(recording.Labels), mixed ? Part(recording.Partners) : null, length / (double)count);
        loss.backward();
        var gradient = logits.grad;
        for (var i = _segments.Count - 1; i >= 0; i--) gradient = _segments[i].Backward(_stream, gradient!, accumulate: start > 0);
    }

    private void SetDropSeeds(Tensor seeds, ulong batchSeed)
    {
        if (_drops.Count == 0) return;
        var count = seeds.shape[1];
        long[] values = [.. _drops.SelectMany(drop => Enumerable.Range(0, (int)count).Select(image => unchecked((long)DropMask.SeedOf(drop, batchSeed, image))))];
        using var known = tensor(values, seeds.shape);
        seeds.copy_(known);
    }

    private Tensor QueueLoss(Tensor logits, Tensor labels, Tensor? partners, double share)
    {
        Tensor Setting(int index) => _settings.narrow(0, index, 1).squeeze(0);
        var loss = LabelSmoothing.CrossEntropy(logits, labels, _options.LabelSmoothing);
        var predicted = logits.argmax(1);
        var correct = predicted.eq(labels).sum().to(ScalarType.Float64);
        if (partners is not null)
        {
            loss = loss * Setting(StepSlots.Lambda).to(loss.dtype) + LabelSmoothing.CrossEntropy(logits, partners, _options.LabelSmoothing) * Setting(StepSlots.Lambda + 1).to(loss.dtype);
            correct = correct * Setting(StepSlots.Lambda) + predicted.eq(partners).sum().to(ScalarType.Float64) * Setting(StepSlots.Lambda + 1);
        }
        using var noGradients = no_grad();
        _results.narrow(0, 0, 1).add_(loss.detach().to(ScalarType.Float64) * share);
        _results.narrow(0, 1, 1).add_(correct);
        using var withGradients = enable_grad();
        return loss * share;
    }

    private void QueueUpdate()
    {
        var gradients = _optimizer.Gradients.Whole;
        var (results, isDouble) = (CudaRuntime.AddressOf(_results), gradients.dtype == ScalarType.Float64 ? 1 : 0);
        CudaMethods.Check(CudaMethods.fixupnet_cuda_norms(
            _stream, CudaRuntime.AddressOf(gradients), isDouble, _pieces.Table, _options.MeasuresNorms ? _pieces.Count : 0, _pieces.First, _optimizer.Gradients.Parameters.Count,
            _pieces.Squares, results, _rule));
        QueueTransforms();
        if (_optimizer is Sgd sgd) QueueSgd(sgd, results, isDouble);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var isAllowed = _results.narrow(0, Updated, 1).squeeze(0).ne(0);
        if (_queued is not null)
        {
            var areFinite = _queued.Queue(_settings.narrow(0, StepSlots.FirstNumber, _queued.NumberCount), isAllowed);
            _results.narrow(0, AreFinite, 1).copy_((areFinite | ~isAllowed).unsqueeze(0));
        }
        _average?.Queue(isAllowed);
        CudaMethods.Check(CudaMethods.fixupnet_cuda_settle(_stream, results, _rule));
    }

    private void QueueSgd(Sgd sgd, nint results, int isDouble)
    {
        var (flat, ends) = (sgd.Flat, Padded(sgd, range => range.End));
        CudaMethods.Check(CudaMethods.fixupnet_cuda_sgd(
            _stream, CudaRuntime.AddressOf(flat.Weights), CudaRuntime.AddressOf(flat.Gradients), CudaRuntime.AddressOf(flat.Velocities), isDouble,
            CudaRuntime.AddressOf(_settings) + StepSlots.FirstNumber * sizeof(double), results, new SgdArguments
            {
                Momentum = sgd.Options.Momentum,
                WeightDecay = sgd.Options.WeightDecay,
                FirstEnd = ends[0],
                SecondEnd = ends[1],
                ThirdEnd = ends[2],
                Count = flat.Weights.numel(),
                Nesterov = sgd.Options.Nesterov ? 1 : 0,
            }));
    }

    private int SettingCount => StepSlots.FirstNumber + (_queued?.NumberCount ?? ParameterGroups.MostRates);

    private double[] UpdateNumbers(double learningRateFactor, long ahead) => _optimizer is Sgd sgd
        ? Padded(sgd, range => sgd.Options.LearningRate * learningRateFactor * range.LearningRateFactor)
        : _queued!.Numbers(ahead, learningRateFactor);

    // A step that the rule stops changes its gradients too, which nothing reads then.
    private void QueueTransforms()
    {
        if (_transforms.Count == 0) return;
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        for (var i = 0; i < _transforms.Count; i++) _results.narrow(0, FirstTransform + i, 1).copy_(_transforms[i].Queue().unsqueeze(0));
        _results.narrow(0, FirstTransform + _transforms.Count, 1).copy_(_optimizer.Gradients.SquareSum().unsqueeze(0));
    }

    // One value for each range that the kernel knows: where there are fewer, the last one's again.
    private static T[] Padded<T>(Sgd sgd, Func<RateRange, T> valueOf)
    {
        var ranges = sgd.Flat.Ranges;
        return [.. Enumerable.Range(0, ParameterGroups.MostRates).Select(i => valueOf(ranges[Math.Min(i, ranges.Count - 1)]))];
    }
}
