using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Analysis;

/// <summary>Maps of what a network's score for a class depends on, pixel by pixel.</summary>
/// <remarks>The network must keep images apart: batch normalization in evaluation mode.</remarks>
public static class Saliency
{
    /// <summary>The simple gradient (arXiv:1312.6034): Σ over channels of |∂ score/∂ input|.</summary>
    /// <param name="logits">Class scores [N,K] of inputs [N,C,H,W], differentiable.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="classes">Whose scores [N], int64.</param>
    /// <returns>Maps [N,H,W], 0 or more.</returns>
    public static Tensor SimpleGradient(Func<Tensor, Tensor> logits, Tensor inputs, Tensor classes)
    {
        using var scope = NewDisposeScope();
        return Gradient(logits, inputs, classes).abs().sum([1]).MoveToOuterDisposeScope();
    }

    /// <summary>Integrated gradients (arXiv:1703.01365) from an input of zeros, signed: input × mean gradient along the way.</summary>
    /// <param name="logits">Class scores [N,K] of inputs [N,C,H,W], differentiable.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="classes">Whose scores [N], int64.</param>
    /// <param name="points">Points on the way, at least 1; the last is the input.</param>
    /// <returns>Attributions [N,C,H,W], which sum to about the score's change from zeros to the input.</returns>
    public static Tensor IntegratedGradients(Func<Tensor, Tensor> logits, Tensor inputs, Tensor classes, int points = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var sum = zeros_like(inputs);
        for (var point = 1; point <= points; point++)
        {
            using var inner = NewDisposeScope();
            sum.add_(Gradient(logits, inputs * (point / (double)points), classes));
        }
        return sum.mul_(inputs).div_(points).MoveToOuterDisposeScope();
    }

    /// <summary>The map of the simple gradient as a function that can itself be differentiated by the inputs, which must be part of a graph.</summary>
    internal static Tensor DifferentiableSimple(Func<Tensor, Tensor> logits, Tensor inputs, Tensor classes) =>
        Graph(logits, inputs, classes).abs().sum([1]);

    /// <summary>Σ over channels of |integrated gradient|, as a function that can itself be differentiated; all points at once.</summary>
    internal static Tensor DifferentiableIntegrated(Func<Tensor, Tensor> logits, Tensor inputs, Tensor classes, int points)
    {
        var way = cat([.. Enumerable.Range(1, points).Select(point => inputs * (point / (double)points))]);
        var gradients = Graph(logits, way, cat([.. Enumerable.Repeat(classes, points)])).view([points, .. inputs.shape]).mean([0L]);
        return (gradients * inputs).abs().sum([1]);
    }

    private static Tensor Graph(Func<Tensor, Tensor> logits, Tensor inputs, Tensor classes) =>
        autograd.grad([logits(inputs).gather(1, classes.unsqueeze(1)).sum()], [inputs], retain_graph: true, create_graph: true)[0];

    private static Tensor Gradient(Func<Tensor, Tensor> logits, Tensor inputs, Tensor classes) =>
        InputGradient.Of(inputs, images => logits(images).gather(1, classes.unsqueeze(1)).sum());
}
