using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FixupNet.Engine.Interop;
using FixupNet.Models.Architectures;
using FixupNet.Models.Blocks;
using FixupNet.Optimizers;
using FixupNet.Residual;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Engine;

/// <summary>A network as the C++ side sees it: shapes, and where parameters and their gradients are in memory.</summary>
internal sealed unsafe class EngineNetwork
{
    private readonly FlatGradients? _gradients;
    private readonly HashSet<object> _placed = new(ReferenceEqualityComparer.Instance);
    private readonly NativeBlock[] _blocks;
    private NativeNetwork _network;

    /// <param name="network">The network.</param>
    /// <param name="gradients">Its gradients; null where only shapes matter.</param>
    /// <param name="height">Height of the images.</param>
    /// <param name="width">Width of the images.</param>
    internal EngineNetwork(CifarResidualNetwork network, FlatGradients? gradients, int height, int width)
    {
        _gradients = gradients;
        var topology = network.Topology;
        var (weights, bias) = (topology.Classifier.Weight, topology.Classifier.Bias!);
        _blocks = [.. network.Blocks.Select(item => Block(item.Block, item.Block.Describe(item.Name)))];
        _network = new NativeNetwork
        {
            Channels = (int)topology.Stem[0].Weight.shape[1],
            Height = height,
            Width = width,
            ClassCount = (int)weights.shape[0],
            BlockCount = _blocks.Length,
            Stem = Convolution(topology.Stem[0], stride: 1),
            Bias1 = Scalar(topology.Scalars, 0),
            Bias2 = Scalar(topology.Scalars, 1),
            ClassifierWeights = Place(weights),
            ClassifierBias = Place(bias),
        };
        LeftOver = network.named_parameters().FirstOrDefault(item => !_placed.Contains(item.parameter)).name;
    }

    /// <summary>The first parameter that the C++ side has no place for, which it would silently not train; null if there is none.</summary>
    internal string? LeftOver { get; }

    internal int ClassCount => _network.ClassCount;

    /// <summary>Calls with the structures in place; they are valid during the call only.</summary>
    internal int With(EngineOptions options, IReadOnlyList<ConvolutionChoice> choices, Func<nint, nint, int> call)
    {
        var native = choices.Select(ToNative).ToArray();
        fixed (NativeBlock* blocks = _blocks)
        fixed (NativeChoice* first = native)
        {
            var network = _network;
            network.Blocks = blocks;
            var nativeOptions = new NativeOptions
            {
                Workers = options.Workers,
                ImagesAtOnce = options.ImagesAtOnce,
                Precision = (int)options.Precision,
                GradientSums = Math.Min(options.GradientSums ?? options.Workers, options.Workers),
                RecomputedBlocks = options.RecomputedBlocks,
                SegmentLength = options.SegmentLength,
                Choices = first,
                ChoiceCount = native.Length,
            };
            return call((nint)(&network), (nint)(&nativeOptions));
        }
    }

    private NativeBlock Block(ResidualBlock block, ResidualBranch branch) => new()
    {
        First = Convolution(branch.Layers[0], block.Shape.Stride),
        Second = Convolution(branch.Layers[1], stride: 1),
        Shortcut = branch.Shortcut is { } shortcut ? Convolution(shortcut, block.Shape.Stride) : default,
        Bias1A = Scalar(branch.Biases, 0),
        Bias1B = Scalar(branch.Biases, 1),
        Bias2A = Scalar(branch.Biases, 2),
        Bias2B = Scalar(branch.Biases, 3),
        Scale = branch.Multiplier is { } multiplier ? Place(multiplier) : default,
    };

    private NativeConvolution Convolution(WeightLayer layer, long stride) => new()
    {
        InChannels = (int)layer.Weight.shape[1],
        OutChannels = (int)layer.Weight.shape[0],
        Kernel = (int)layer.Weight.shape[2],
        Stride = (int)stride,
        Weights = Place(layer.Weight),
    };

    private NativeParameter Scalar(IReadOnlyList<Parameter> scalars, int index) => index < scalars.Count ? Place(scalars[index]) : default;

    private NativeParameter Place(Parameter parameter)
    {
        _placed.Add(parameter);
        return new() { Values = AddressOf(parameter), Gradient = _gradients is null ? null : AddressOf(_gradients.Of(parameter)) };
    }

    // The memory is libtorch's own: it does not move.
    private static float* AddressOf(Tensor tensor) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

    private static NativeChoice ToNative(ConvolutionChoice choice) => new()
    {
        InChannels = choice.InChannels,
        OutChannels = choice.OutChannels,
        Height = choice.Height,
        Width = choice.Width,
        Direction = (int)choice.Direction,
        Algorithm = (int)choice.Algorithm,
    };
}
