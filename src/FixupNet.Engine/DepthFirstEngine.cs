using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FixupNet.Engine.Interop;
using FixupNet.Models;
using FixupNet.Models.Architectures;
using FixupNet.Optimizers;
using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Engine;

/// <summary>Exact gradients of norm-free residual networks on the CPU, some images at a time on every core.</summary>
/// <remarks>
/// Without normalization the images of a batch do not see each other before their gradients are added. So each core takes its share through
/// the whole network a few images at a time, forward and back, in activations that stay near it, and the sums are added in the order of the
/// cores: the gradient of the whole batch, the same bits at every run with the same options. README.md in this folder explains it.
/// </remarks>
public sealed unsafe class DepthFirstEngine : IDisposable
{
    private readonly EngineNetwork _network;
    private readonly int _height;
    private readonly int _width;
    private nint _engine;

    /// <summary>Takes over the gradients of a network, measuring which convolution algorithms are the fastest where none are given.</summary>
    /// <param name="network">A network for which <see cref="WhyNot"/> is null; it must outlive this object.</param>
    /// <param name="gradients">Where gradients go, over the network's parameters; must outlive this object.</param>
    /// <param name="height">Height of the images, at least 1.</param>
    /// <param name="width">Width of the images, at least 1.</param>
    /// <param name="options">How a step is cut.</param>
    /// <param name="choices">Algorithms to use, as <see cref="Choices"/> gave them earlier; null or none: measure.</param>
    /// <exception cref="NotSupportedException">The engine cannot train this network, or not here.</exception>
    /// <exception cref="ExternalException">Memory is not enough, or options are out of range.</exception>
    public DepthFirstEngine(
        ResidualNetwork network, FlatGradients gradients, int height, int width, EngineOptions options, IReadOnlyList<ConvolutionChoice>? choices = null)
    {
        (_network, _height, _width) = (Describe(network, gradients, height, width, options.Precision), height, width);
        Options = options;
        nint engine = 0;
        NativeMethods.Check(_network.With(options, choices ?? [], (net, opts) =>
            NativeMethods.fixupnet_engine_create((NativeNetwork*)net, (NativeOptions*)opts, out engine)));
        _engine = engine;
        Choices = ReadChoices();
    }

    /// <summary>How a step is cut.</summary>
    public EngineOptions Options { get; }

    /// <summary>The algorithm of each shape and direction.</summary>
    public IReadOnlyList<ConvolutionChoice> Choices { get; }

    /// <summary>The instruction set of the kernels that this processor gets: "avx512", "avx2" or "portable".</summary>
    public static string InstructionSet => NativeMethods.Text(NativeMethods.fixupnet_engine_instruction_set());

    /// <summary>oneDNN's version.</summary>
    public static string LibraryVersion => NativeMethods.Text(NativeMethods.fixupnet_engine_library_version());

    /// <summary>Why the engine cannot be used on this machine; null where it can.</summary>
    public static string? Unavailable => NativeMethods.Unavailable;

    /// <summary>Why the engine cannot train a network; null where it can.</summary>
    /// <param name="network">The network.</param>
    /// <param name="precision">How activations would be kept.</param>
    public static string? WhyNot(ResidualNetwork network, ActivationPrecision precision)
    {
        if (WhyNotHere(precision) is { } reason) return reason;
        if (network is not CifarResidualNetwork cifar) return "it knows the CIFAR residual networks only";
        if (network.Topology.NormLayers.FirstOrDefault() is { } norm) return $"{norm.Name}: {Refusal(norm.Scope)}";
        if (network.Topology.WeightLayers.SkipLast(1).FirstOrDefault(layer => layer.Bias is not null) is { } layer)
            return $"{layer.Name}: it knows convolutions without a bias only";
        var parameter = network.Topology.Classifier.Weight;
        if (parameter.device_type != DeviceType.CPU) return "it runs on the CPU only";
        if (parameter.dtype != ScalarType.Float32) return "it computes in float32 or bfloat16 only";
        return null;
    }

    /// <summary>Why the engine cannot be used on this machine with a precision; null where it can.</summary>
    /// <param name="precision">How activations would be kept.</param>
    public static string? WhyNotHere(ActivationPrecision precision)
    {
        if (Unavailable is { } reason) return reason;
        return precision == ActivationPrecision.BFloat16 && NativeMethods.fixupnet_engine_has_bfloat16() == 0
            ? "this processor has no bfloat16 instructions (AVX512-BF16)"
            : null;
    }

    /// <summary>What oneDNN's bare direct convolutions of a step cost in float32, the rest of the network free of charge.</summary>
    /// <param name="network">The network.</param>
    /// <param name="height">Height of the images.</param>
    /// <param name="width">Width of the images.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="imageCount">Images of the batch.</param>
    public static TimeSpan ConvolutionFloor(ResidualNetwork network, int height, int width, int workers, int imageCount)
    {
        double seconds = 0;
        var options = new EngineOptions(workers, ImagesAtOnce: 1);
        NativeMethods.Check(Describe(network, null, height, width, options.Precision).With(options, [], (net, opts) =>
            NativeMethods.fixupnet_engine_floor((NativeNetwork*)net, (NativeOptions*)opts, imageCount, out seconds)));
        return TimeSpan.FromSeconds(seconds);
    }

    /// <summary>Computes the loss of a batch and writes the gradient of every parameter, over what was there.</summary>
    /// <param name="images">Images [N,C,H,W], float32, on the CPU.</param>
    /// <param name="labels">Class indices [N], int64.</param>
    /// <param name="partnerLabels">With mixup, class indices of the partners [N], int64; else null.</param>
    /// <param name="lambda">With mixup, the share of <paramref name="labels"/>, in [0, 1].</param>
    /// <exception cref="ExternalException">A label is out of range.</exception>
    public EngineStepResult Step(Tensor images, Tensor labels, Tensor? partnerLabels = null, double lambda = 1)
    {
        ObjectDisposedException.ThrowIf(_engine == 0, this);
        using var scope = NewDisposeScope();
        var (pixels, classes, partners) = (Require(images), labels.contiguous(), partnerLabels?.contiguous());
        NativeMethods.Check(NativeMethods.fixupnet_engine_step(
            _engine, Address<float>(pixels), Address<long>(classes), partners is null ? null : Address<long>(partners), lambda, (int)images.shape[0],
            out var result));
        return new EngineStepResult(
            result.Loss, result.Correct, result.PartnerCorrect, TimeSpan.FromSeconds(result.ForwardSeconds), TimeSpan.FromSeconds(result.BackwardSeconds),
            TimeSpan.FromSeconds(result.FinishSeconds));
    }

    /// <summary>Computes class scores.</summary>
    /// <param name="images">Images [N,C,H,W], float32, on the CPU.</param>
    /// <returns>Logits [N,K], float32.</returns>
    public Tensor Evaluate(Tensor images)
    {
        ObjectDisposedException.ThrowIf(_engine == 0, this);
        using var scope = NewDisposeScope();
        var pixels = Require(images);
        var logits = zeros([images.shape[0], _network.ClassCount], ScalarType.Float32, CPU);
        NativeMethods.Check(NativeMethods.fixupnet_engine_evaluate(_engine, Address<float>(pixels), (int)images.shape[0], Address<float>(logits)));
        return logits.MoveToOuterDisposeScope();
    }

    /// <summary>Ends the threads and frees the memory; the gradients stay.</summary>
    public void Dispose()
    {
        if (_engine != 0) NativeMethods.fixupnet_engine_destroy(_engine);
        _engine = 0;
    }

    internal static EngineNetwork Describe(ResidualNetwork network, FlatGradients? gradients, int height, int width, ActivationPrecision precision)
    {
        if (WhyNot(network, precision) is { } reason) throw new NotSupportedException($"The depth-first engine cannot train this network: {reason}.");
        var described = new EngineNetwork((CifarResidualNetwork)network, gradients, height, width);
        return described.LeftOver is not { } name
            ? described
            : throw new NotSupportedException($"The depth-first engine cannot train this network: it has no place for the parameter {name}.");
    }

    private static string Refusal(NormScope scope) => scope == NormScope.Batch
        ? "batch normalization needs the whole batch at every layer"
        : "it has no normalization";

    private Tensor Require(Tensor images)
    {
        if (images.dim() != 4 || images.shape[2] != _height || images.shape[3] != _width || images.dtype != ScalarType.Float32)
            throw new ShapeMismatchException("images", images.shape, $"float32 [N,3,{_height},{_width}]");
        return images.contiguous();
    }

    private IReadOnlyList<ConvolutionChoice> ReadChoices()
    {
        NativeMethods.Check(NativeMethods.fixupnet_engine_choices(_engine, null, 0, out var count));
        var choices = new NativeChoice[count];
        fixed (NativeChoice* first = choices) NativeMethods.Check(NativeMethods.fixupnet_engine_choices(_engine, first, count, out _));
        return [.. choices.Select(choice => new ConvolutionChoice(
            choice.InChannels, choice.OutChannels, choice.Height, choice.Width, (ConvolutionDirection)choice.Direction,
            (ConvolutionAlgorithm)choice.Algorithm, choice.Seconds))];
    }

    // Every call uses the address while the tensor is alive in its scope.
    private static T* Address<T>(Tensor tensor) where T : unmanaged =>
        (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
}
