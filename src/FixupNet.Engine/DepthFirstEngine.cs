using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FixupNet.Engine.DepthFirst;
using FixupNet.Engine.DepthFirst.Kernels;
using FixupNet.Execution;
using FixupNet.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Engine;

/// <summary>Exact gradients of residual networks on the CPU, some images at a time on every core.</summary>
/// <remarks>
/// Without normalization the images of a batch do not see each other before their gradients are added. So each core takes its share through
/// the whole network a few images at a time, forward and back, in activations that stay near it, and the sums are added in the order of the
/// cores: the gradient of the whole batch, the same bits at every run with the same options. With batch normalization it goes depth first from
/// one normalization to the next, the whole batch in memory. README.md in this folder explains it.
/// </remarks>
public sealed unsafe class DepthFirstEngine : IDisposable
{
    private readonly EngineNetwork _network;
    private readonly int _height;
    private readonly int _width;
    private readonly ITrainingTeam _team;
    private bool _isDisposed;

    /// <summary>Takes over the gradients of a network.</summary>
    /// <param name="network">A network for which <see cref="WhyNot"/> is null; it must outlive this object.</param>
    /// <param name="gradients">Where gradients go, over the network's parameters; must outlive this object.</param>
    /// <param name="height">Height of the images, at least 1.</param>
    /// <param name="width">Width of the images, at least 1.</param>
    /// <param name="options">How a step is cut.</param>
    /// <exception cref="NotSupportedException">The engine cannot train this network.</exception>
    /// <exception cref="ArgumentException">Options are out of range.</exception>
    /// <exception cref="OutOfMemoryException">Memory is not enough.</exception>
    public DepthFirstEngine(ResidualNetwork network, FlatGradients gradients, int height, int width, EngineOptions options)
        : this(network, gradients, height, width, options, VectorWidths.Widest)
    {
    }

    internal DepthFirstEngine(ResidualNetwork network, FlatGradients gradients, int height, int width, EngineOptions options, VectorWidth vectors)
    {
        (_network, _height, _width) = (EngineNetwork.Of(network, gradients, height, width), height, width);
        Options = options;
        _team = _network.Plan(options).CreateTeam(vectors);
    }

    /// <summary>How a step is cut.</summary>
    public EngineOptions Options { get; }

    /// <summary>The vectors that the kernels use on this processor: "avx512", "avx2", "128-bit" or "scalar". They decide how sums round.</summary>
    public static string InstructionSet => VectorWidths.Widest switch
    {
        VectorWidth.Bits512 => "avx512",
        VectorWidth.Bits256 => "avx2",
        VectorWidth.Bits128 => "128-bit",
        _ => "scalar",
    };

    /// <summary>Why the engine cannot train a network; null where it can.</summary>
    /// <param name="network">The network.</param>
    public static string? WhyNot(ResidualNetwork network) => EngineNetwork.WhyNot(network.Topology);

    /// <summary>Why the engine cannot keep a network's activations in a precision; null where it can.</summary>
    /// <param name="usesBatchStatistics">Whether the network has batch normalization.</param>
    /// <param name="precision">The precision.</param>
    public static string? WhyNotPrecision(bool usesBatchStatistics, ActivationPrecision precision) =>
        usesBatchStatistics && precision != ActivationPrecision.Float32 ? "batch normalization is computed in float32 only" : null;

    /// <summary>Multiply-adds of the convolutions of a step, forward and both backward, computed directly.</summary>
    /// <param name="network">The network.</param>
    /// <param name="height">Height of the images.</param>
    /// <param name="width">Width of the images.</param>
    /// <param name="imageCount">Images of the batch.</param>
    public static double MultiplyAdds(ResidualNetwork network, int height, int width, int imageCount) =>
        EngineNetwork.Of(network, null, height, width).Plan(new EngineOptions(Workers: 1, ImagesAtOnce: 1)).MultiplyAdds * imageCount;

    /// <summary>Computes the loss of a batch and writes the gradient of every parameter, over what was there.</summary>
    /// <param name="images">Images [N,C,H,W], float32, on the CPU.</param>
    /// <param name="labels">Class indices [N], int64.</param>
    /// <param name="partnerLabels">With mixup, class indices of the partners [N], int64; else null.</param>
    /// <param name="lambda">With mixup, the share of <paramref name="labels"/>, in [0, 1].</param>
    /// <param name="smoothing">The share of each label that is spread over all classes, in [0, 1).</param>
    /// <exception cref="ArgumentException">A label is out of range.</exception>
    public EngineStepResult Step(Tensor images, Tensor labels, Tensor? partnerLabels = null, double lambda = 1, double smoothing = 0)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using var scope = NewDisposeScope();
        var (pixels, classes, partners) = (Require(images), labels.contiguous(), partnerLabels?.contiguous());
        // Every call uses an address while its tensor is alive in the scope.
        return _team.Step(new Images(
            ParameterPlaces.AddressOf<float>(pixels), ParameterPlaces.AddressOf<long>(classes), partners is null ? null : ParameterPlaces.AddressOf<long>(partners), lambda,
            smoothing, (int)images.shape[0]));
    }

    /// <summary>Computes class scores.</summary>
    /// <param name="images">Images [N,C,H,W], float32, on the CPU.</param>
    /// <returns>Logits [N,K], float32.</returns>
    public Tensor Evaluate(Tensor images)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using var scope = NewDisposeScope();
        var pixels = Require(images);
        var logits = zeros([images.shape[0], _network.ClassCount], ScalarType.Float32, CPU);
        _team.Evaluate(ParameterPlaces.AddressOf<float>(pixels), (int)images.shape[0], ParameterPlaces.AddressOf<float>(logits));
        return logits.MoveToOuterDisposeScope();
    }

    /// <summary>Ends the threads and frees the memory; the gradients stay.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _team.Dispose();
    }

    private Tensor Require(Tensor images)
    {
        if (images.dim() != 4 || images.shape[2] != _height || images.shape[3] != _width || images.dtype != ScalarType.Float32)
            throw new ShapeMismatchException("images", images.shape, $"float32 [N,3,{_height},{_width}]");
        return images.contiguous();
    }
}
