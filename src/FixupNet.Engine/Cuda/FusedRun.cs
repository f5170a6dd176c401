using FixupNet.Engine.Cuda.Interop;
using FixupNet.Engine.Steps;
using FixupNet.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Engine.Cuda;

/// <summary>
/// Neighbouring blocks of one shape, trained by four convolution kernels a block that do everything element-wise on the way, and two kernels
/// for the weight gradients on streams of their own.
/// </summary>
/// <remarks>
/// Convolutions take bfloat16 and add in float32. The residual stream, forward and backward, is float32: a branch of a network of 10,000
/// layers adds less than a bfloat16 of the stream could show. Kept for the backward pass are two bfloat16 tensors a block: what the block
/// took and what its second convolution took before the bias, whose signs are also the masks of both ReLUs. The multiplier's gradient is the
/// product of the second convolution's weights with their gradient, so its output is not kept.
/// </remarks>
internal sealed class FusedRun : ISegment
{
    // Gradients that convolutions of the main stream and weight gradients beside it share.
    private const int Slots = 4;
    private const int SumsOfBlock = 5;
    private const int BytesOfBFloat16 = 2;
    private const int BytesOfFloat32 = 4;
    private const int Taps = 9;

    private readonly DeviceMemory _memory;
    private readonly FusedBlock[] _blocks;
    private readonly int _channels;
    private readonly int _side;
    private readonly int _maxImages;
    private readonly Tensor _stream;
    private readonly Tensor _gradientStream;
    private readonly nint _kept;
    private readonly nint _branches;
    private readonly nint[] _sumGradients = new nint[Slots];
    private readonly nint[] _branchGradients = new nint[Slots];
    private readonly (nint Forward, nint Backward)[] _packed;
    private readonly nint _packedLayers;
    private readonly nint _sums;
    private readonly int _sumLength;
    private readonly SideStream _first;
    private readonly SideStream _second;
    private readonly nint _firstParts;
    private readonly nint _secondParts;
    private readonly Dictionary<(int Images, bool Accumulate), (nint Table, int Count)> _scalarEnds = [];

    /// <summary>Takes the memory that so many blocks need.</summary>
    /// <param name="blocks">The blocks, in forward order.</param>
    /// <param name="gradients">Where gradients go.</param>
    /// <param name="maxImages">Images at once, at most.</param>
    /// <param name="side">Height and width of the activations.</param>
    /// <param name="device">Where they are.</param>
    internal FusedRun(IReadOnlyList<BasicBlock> blocks, FlatGradients gradients, int maxImages, int side, Device device)
    {
        (_maxImages, _side) = (maxImages, side);
        _channels = blocks[0].OutChannels;
        _memory = new DeviceMemory(device);
        // A 0, then a multiplier for every block that learns none.
        var constants = _memory.Copy<float>([0, .. blocks.Select(block => (float)block.Constant)]);
        _blocks = [.. blocks.Select((block, i) => FusedBlock.Of(block, gradients, constants, constants + (i + 1) * BytesOfFloat32))];
        var elements = ElementsOf(maxImages);
        _stream = _memory.Zeros(ScalarType.Float32, maxImages, side, side, _channels);
        _gradientStream = _memory.Zeros(ScalarType.Float32, maxImages, side, side, _channels);
        _kept = _memory.Take((_blocks.Length + 1) * elements * BytesOfBFloat16);
        _branches = _memory.Take(_blocks.Length * elements * BytesOfBFloat16);
        for (var slot = 0; slot < Slots; slot++)
        {
            _sumGradients[slot] = _memory.Take(elements * BytesOfBFloat16);
            _branchGradients[slot] = _memory.Take(elements * BytesOfBFloat16);
        }
        var packedBytes = (long)Taps * _channels * _channels * BytesOfBFloat16;
        _packed = [.. Enumerable.Range(0, 2 * _blocks.Length).Select(_ => (_memory.Take(packedBytes), _memory.Take(packedBytes)))];
        _packedLayers = _memory.Copy<PackedLayer>([.. _packed.Select((packed, i) => new PackedLayer
        {
            Weights = (i % 2 == 0 ? _blocks[i / 2].First : _blocks[i / 2].Second).Values,
            Forward = packed.Item1,
            Backward = packed.Item2,
            Channels = _channels,
        })]);
        _sumLength = Math.Max(
            Math.Max(CudaMethods.fixupnet_cuda_convolution_blocks(maxImages, side), CudaMethods.fixupnet_cuda_end_blocks(_channels)),
            CudaMethods.fixupnet_cuda_enter_blocks(elements));
        _sums = _memory.Take((long)_blocks.Length * SumsOfBlock * _sumLength * BytesOfFloat32);
        _firstParts = _memory.Take(PartCount(maxImages) * packedBytes * 2);
        _secondParts = _memory.Take(PartCount(maxImages) * packedBytes * 2);
        (_first, _second) = (new SideStream(Slots), new SideStream(Slots));
    }

    /// <inheritdoc/>
    public long Bytes => _memory.Bytes;

    /// <summary>Bytes that a block more takes: two activations, the weights in both forms.</summary>
    internal static long BytesOfBlock(long elements, long channels) => BytesOfBFloat16 * (2 * elements + 4 * Taps * channels * channels);

    /// <summary>Blocks in the run.</summary>
    internal int BlockCount => _blocks.Length;

    /// <summary>Brings the weights as they are now into the form that the kernels read.</summary>
    /// <param name="main">The stream.</param>
    public void BeginStep(nint main) => CudaMethods.Check(CudaMethods.fixupnet_cuda_pack_weights(main, _packedLayers, _packed.Length));

    /// <inheritdoc/>
    public void Prepare(int images, bool accumulate) => _ = ScalarEnds(images, accumulate);

    /// <summary>Runs the blocks.</summary>
    /// <param name="main">The stream.</param>
    /// <param name="input">Activations [N,C,H,W], float32, not negative.</param>
    /// <returns>Activations of the same shape, valid until the next call.</returns>
    public Tensor Forward(nint main, Tensor input)
    {
        using var scope = NewDisposeScope();
        var images = (int)input.shape[0];
        var dense = input.permute(0, 2, 3, 1).contiguous();
        var (source, target) = (CudaRuntime.AddressOf(dense), CudaRuntime.AddressOf(_stream));
        CudaMethods.Check(CudaMethods.fixupnet_cuda_enter(main, source, KeptOf(0), ElementsOf(images)));
        for (var i = 0; i < _blocks.Length; i++)
        {
            var block = _blocks[i];
            Convolve(main, ConvolutionPass.First, images, new ConvolutionArguments
            {
                Input = KeptOf(i), Weights = _packed[2 * i].Forward, InputBias = block.Bias1A.Values, OutputBias = block.Bias1B.Values,
                // Before the first there is a kernel of another kind, which the weights may still be written by.
                Output = BranchOf(i), Height = _side, Overlaps = i == 0 ? 0 : 1,
            });
            Convolve(main, ConvolutionPass.Second, images, new ConvolutionArguments
            {
                Input = BranchOf(i), Weights = _packed[2 * i + 1].Forward, InputBias = block.Bias2A.Values, OutputBias = block.Bias2B.Values,
                Scale = block.Scale.Values, StreamIn = i == 0 ? source : target, StreamOut = target, Output = KeptOf(i + 1), Height = _side, Overlaps = 1,
            });
        }
        return ChannelsFirst(_stream, images).MoveToOuterDisposeScope();
    }

    /// <summary>Runs them backward after <see cref="Forward"/> and writes, or adds, the gradient of every parameter.</summary>
    /// <param name="main">The stream.</param>
    /// <param name="gradient">Of the output [N,C,H,W], float32.</param>
    /// <param name="accumulate">Whether to add to gradients rather than overwrite them.</param>
    /// <returns>The gradient of the input, valid until the next call.</returns>
    public Tensor? Backward(nint main, Tensor gradient, bool accumulate)
    {
        using var scope = NewDisposeScope();
        var images = (int)gradient.shape[0];
        var dense = gradient.permute(0, 2, 3, 1).contiguous();
        var stream = CudaRuntime.AddressOf(_gradientStream);
        var last = _blocks.Length - 1;
        CudaMethods.Check(CudaMethods.fixupnet_cuda_enter_backward(
            main, CudaRuntime.AddressOf(dense), KeptOf(last + 1), stream, _sumGradients[0], SumOf(last, Bias2B), ElementsOf(images)));
        for (var i = last; i >= 0; i--)
        {
            var turn = last - i;
            var (slot, next) = (turn % Slots, (turn + 1) % Slots);
            var block = _blocks[i];
            // The second convolution's weight gradient reads what this slot's sum gradient holds, the first's what its branch gradient held.
            _second.Run(main, slot, side => WeightGradient(
                side, images, BranchOf(i), block.Bias2A, _sumGradients[slot], _secondParts, block.Second, accumulate, block.Scale, SumOf(i, Scale)));
            if (turn >= Slots) _first.Await(main, slot);
            Convolve(main, ConvolutionPass.SecondBackward, images, new ConvolutionArguments
            {
                Input = _sumGradients[slot], Weights = _packed[2 * i + 1].Backward, Scale = block.Scale.Values, Kept = BranchOf(i),
                Output = _branchGradients[slot], FirstSums = SumOf(i, Bias2A), SecondSums = SumOf(i, Bias1B), Height = _side,
            });
            _first.Run(main, slot, side => WeightGradient(
                side, images, KeptOf(i), block.Bias1A, _branchGradients[slot], _firstParts, block.First, accumulate, default, 0));
            if (turn + 1 >= Slots) _second.Await(main, next);
            Convolve(main, ConvolutionPass.FirstBackward, images, new ConvolutionArguments
            {
                Input = _branchGradients[slot], Weights = _packed[2 * i].Backward, Kept = KeptOf(i), StreamIn = stream, StreamOut = stream,
                Output = _sumGradients[next], FirstSums = SumOf(i, Bias1A), SecondSums = i == 0 ? 0 : SumOf(i - 1, Bias2B), Height = _side,
            });
        }
        for (var slot = 0; slot < Math.Min(Slots, _blocks.Length); slot++)
        {
            _first.Await(main, slot);
            _second.Await(main, slot);
        }
        var (table, count) = ScalarEnds(images, accumulate);
        CudaMethods.Check(CudaMethods.fixupnet_cuda_end_scalars(main, table, count));
        return ChannelsFirst(_gradientStream, images).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _memory.Dispose();
    }

    // Places of a block's sums.
    private const int Bias1A = 0, Bias1B = 1, Bias2A = 2, Bias2B = 3, Scale = 4;

    private nint SumOf(int block, int which) => _sums + (nint)(((long)block * SumsOfBlock + which) * _sumLength * BytesOfFloat32);

    // What block i took; the one behind the last is what the last gave.
    private nint KeptOf(int block) => _kept + (nint)(block * ElementsOf(_maxImages) * BytesOfBFloat16);

    private nint BranchOf(int block) => _branches + (nint)(block * ElementsOf(_maxImages) * BytesOfBFloat16);

    private long ElementsOf(int images) => (long)images * _side * _side * _channels;

    // Enough blocks of threads to fill the card beside those of the main stream; every part must be written and read again.
    private int PartCount(int images) => Math.Min(TileCount(images), _channels == 16 ? 128 : 64);

    private int TileCount(int images) => CudaMethods.fixupnet_cuda_convolution_blocks(images, _side);

    private static Tensor ChannelsFirst(Tensor stream, int images) => stream.narrow(0, 0, images).permute(0, 3, 1, 2);

    private void Convolve(nint main, ConvolutionPass pass, int images, ConvolutionArguments arguments) =>
        CudaMethods.Check(CudaMethods.fixupnet_cuda_convolve(main, pass, _channels, _side, images, arguments));

    private void WeightGradient(
        nint side, int images, nint input, PlacedParameter inputBias, nint gradient, nint parts, PlacedParameter weights, bool accumulate,
        PlacedParameter scale, nint scaleSums)
    {
        var partCount = PartCount(images);
        CudaMethods.Check(CudaMethods.fixupnet_cuda_weight_gradient(side, _channels, _side, partCount, new WeightGradientArguments
        {
            Input = input, InputBias = inputBias.Values, Gradient = gradient, Parts = parts, Height = _side, TileCount = TileCount(images),
        }));
        CudaMethods.Check(CudaMethods.fixupnet_cuda_end_weight_gradient(side, new GradientEnd
        {
            Parts = parts, Weights = weights.Values, Scale = scale.Values, Gradient = weights.Gradient, ScaleSums = scaleSums,
            PartCount = partCount, Channels = _channels, Accumulate = accumulate ? 1 : 0,
        }));
    }

    private (nint Table, int Count) ScalarEnds(int images, bool accumulate)
    {
        if (_scalarEnds.TryGetValue((images, accumulate), out var known)) return known;
        var convolution = CudaMethods.fixupnet_cuda_convolution_blocks(images, _side);
        var last = _blocks.Length - 1;
        ScalarEnd[] ends =
        [
            .. _blocks.SelectMany((block, i) => (ScalarEnd[])
            [
                End(i, Bias1A, block.Bias1A, convolution),
                End(i, Bias1B, block.Bias1B, convolution),
                End(i, Bias2A, block.Bias2A, convolution),
                End(i, Bias2B, block.Bias2B, i == last ? CudaMethods.fixupnet_cuda_enter_blocks(ElementsOf(images)) : convolution),
                End(i, Scale, block.Scale, CudaMethods.fixupnet_cuda_end_blocks(_channels)),
            ]).Where(end => end.Gradient != 0),
        ];
        return _scalarEnds[(images, accumulate)] = (_memory.Copy<ScalarEnd>(ends), ends.Length);

        ScalarEnd End(int block, int which, PlacedParameter scalar, int parts) =>
            new() { Parts = SumOf(block, which), Gradient = scalar.Gradient, PartCount = parts, Accumulate = accumulate ? 1 : 0 };
    }
}
