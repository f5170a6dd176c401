using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Analysis;

/// <summary>How a map tells what a score depends on.</summary>
public enum SaliencyMethod
{
    /// <summary>The gradient of the score by the input.</summary>
    SimpleGradient,

    /// <summary>The input times the mean gradient on the way to it from zeros.</summary>
    IntegratedGradients,
}

/// <summary>A network whose maps are looked at, and attacked.</summary>
/// <param name="logits">Class scores [N,K] of inputs [N,C,H,W].</param>
/// <param name="smoothLogits">Nearly the same scores with second derivatives, such as <see cref="Execution.SmoothTwin"/>'s: the gradient of a network of ReLUs is constant almost everywhere.</param>
/// <param name="input">What the network is given of pixels in [0, 1]; differentiable.</param>
/// <param name="method">Which maps.</param>
/// <param name="points">Points of integrated gradients.</param>
public sealed class SaliencyMaps(Func<Tensor, Tensor> logits, Func<Tensor, Tensor> smoothLogits, Func<Tensor, Tensor> input, SaliencyMethod method, int points = 100)
{
    /// <summary>The classes [N] that the network says, int64.</summary>
    /// <param name="pixels">Images [N,C,H,W] in [0, 1].</param>
    public Tensor Classes(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        return logits(input(pixels)).argmax(1).MoveToOuterDisposeScope();
    }

    /// <summary>Maps [N,H,W] of images, 0 or more.</summary>
    /// <param name="pixels">Images [N,C,H,W] in [0, 1].</param>
    /// <param name="classes">Whose scores [N].</param>
    public Tensor Of(Tensor pixels, Tensor classes)
    {
        using var scope = NewDisposeScope();
        var inputs = input(pixels);
        var maps = method == SaliencyMethod.SimpleGradient
            ? Saliency.SimpleGradient(logits, inputs, classes)
            : Saliency.IntegratedGradients(logits, inputs, classes, points).abs().sum([1]);
        return maps.MoveToOuterDisposeScope();
    }

    /// <summary>The smooth network's maps [N,H,W], which can be differentiated by the pixels.</summary>
    internal Tensor SmoothOf(Tensor pixels, Tensor classes) => method == SaliencyMethod.SimpleGradient
        ? Saliency.DifferentiableSimple(smoothLogits, input(pixels), classes)
        : Saliency.DifferentiableIntegrated(smoothLogits, input(pixels), classes, points);
}
