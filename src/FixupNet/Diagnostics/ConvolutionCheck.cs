using FixupNet.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Diagnostics;

/// <summary>Whether this machine's libtorch gives convolutions the right input gradient, held against the same in float64.</summary>
/// <remarks>
/// libtorch 2.10 (TorchSharp-cpu 0.107.0) was seen to give wrong ones, another at every call or NaN, on an AMD EPYC with AVX-512 at 4, 8, 12 and
/// 24 channels, 64×C×16×16, kernel 3; never at multiples of 16. Processors are known on which its oneDNN is wrong at these and other shapes, and it computes without it there
/// (<see cref="OneDnn"/>); this looks at what it gives.
/// </remarks>
public static class ConvolutionCheck
{
    /// <summary>What channel counts are multiples of that were never seen to be wrong.</summary>
    public const int SafeMultiple = 16;

    private const double Tolerance = 1e-4; // Some hundred products, each rounded to 24 bits.
    private const int Images = 64;
    private const int Side = 16;
    private const int Kernel = 3;
    private const int Attempts = 3;

    /// <summary>Channels at which it was seen to be wrong.</summary>
    public static IReadOnlyList<int> KnownWidths { get; } = [4, 8, 12, 24];

    /// <summary>Computes a 3×3 convolution of 64 images of 16×16 on the CPU, three times.</summary>
    /// <param name="inChannels">Channels in, at least 1.</param>
    /// <param name="outChannels">Channels out, at least 1.</param>
    /// <returns>Whether every input gradient is that of float64 but for rounding.</returns>
    public static bool IsRight(long inChannels, long outChannels)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1, CPU);
        var images = randn([Images, inChannels, Side, Side], generator: generator);
        var weights = randn([outChannels, inChannels, Kernel, Kernel], generator: generator);
        var gradient = randn([Images, outChannels, Side, Side], generator: generator);
        var expected = InputGradient(images.to(float64), weights.to(float64), gradient.to(float64));
        var allowed = Tolerance * expected.abs().max().ToDouble();
        // NaN is no difference that is allowed either.
        return Enumerable.Range(0, Attempts).All(_ => (InputGradient(images, weights, gradient).to(float64) - expected).abs().max().ToDouble() <= allowed);
    }

    private static Tensor InputGradient(Tensor images, Tensor weights, Tensor gradient)
    {
        var input = ChannelsLast.Of(images).detach();
        input.requires_grad = true;
        nn.functional.conv2d(input, weights, null, [1, 1], [Kernel / 2, Kernel / 2]).backward([ChannelsLast.Of(gradient)]);
        return input.grad!;
    }
}
