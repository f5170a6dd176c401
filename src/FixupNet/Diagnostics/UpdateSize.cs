using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Diagnostics;

/// <summary>How far a step moves the network's function, per unit of learning rate: ‖Δf(x)‖/η.</summary>
/// <remarks>
/// arXiv:1901.09321, Sec. 3: a network is well initialized if this is Θ(1) in depth. A Fixup network's first two steps leave almost
/// everything at 0, so measure from the third on.
/// </remarks>
public static class UpdateSize
{
    /// <summary>Takes a step and measures what it did.</summary>
    /// <param name="network">The network, in the mode it is in.</param>
    /// <param name="images">The inputs x [N,C,H,W] at which to look.</param>
    /// <param name="learningRate">η of the step, above 0.</param>
    /// <param name="step">Takes the step.</param>
    /// <returns>Mean over the inputs of ‖f(x) after − f(x) before‖₂ / η.</returns>
    public static double Measure(IResidualNetwork network, Tensor images, double learningRate, Action step) =>
        Measure(() => network.forward(images, null), learningRate, step);

    /// <summary>The same of any network.</summary>
    /// <param name="forward">Computes the logits [N,K] at the inputs at which to look.</param>
    /// <param name="learningRate">η of the step, above 0.</param>
    /// <param name="step">Takes the step.</param>
    /// <returns>Mean over the inputs of ‖f(x) after − f(x) before‖₂ / η.</returns>
    public static double Measure(Func<Tensor> forward, double learningRate, Action step)
    {
        using var before = Logits(forward);
        step();
        using var after = Logits(forward);
        return Of(before, after, learningRate);
    }

    /// <summary>The same from logits.</summary>
    /// <param name="before">Logits before the step [N,K].</param>
    /// <param name="after">Logits after it [N,K].</param>
    /// <param name="learningRate">η, above 0.</param>
    /// <exception cref="ShapeMismatchException">The shapes differ.</exception>
    public static double Of(Tensor before, Tensor after, double learningRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(learningRate);
        ShapeGuard.Same(before, after, nameof(after));
        using var scope = NewDisposeScope();
        var change = after.to(ScalarType.Float64) - before.to(ScalarType.Float64);
        return change.square().sum(1).sqrt().mean().ToDouble() / learningRate;
    }

    private static Tensor Logits(Func<Tensor> forward)
    {
        using var noGradients = no_grad();
        return forward();
    }
}
