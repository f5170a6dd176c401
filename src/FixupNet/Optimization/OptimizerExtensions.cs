namespace FixupNet.Optimization;

/// <summary>The optimizers of this library under the names that PyTorch's have.</summary>
public static class OptimizerExtensions
{
    /// <summary>Sets every gradient to 0; see <see cref="IOptimizer.ZeroGradients"/>.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <exception cref="InvalidOperationException">The module was moved or converted since the optimizer was made.</exception>
    public static void zero_grad(this IOptimizer optimizer) => optimizer.ZeroGradients();

    /// <summary>Changes every parameter once; see <see cref="IOptimizer.Step"/>.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="learningRateFactor">What a schedule multiplies every learning rate by, finite and 0 or more.</param>
    /// <returns>Whether every parameter is finite afterwards.</returns>
    /// <exception cref="InvalidOperationException">The module was moved or converted since the optimizer was made, or a gradient was replaced.</exception>
    public static bool step(this IOptimizer optimizer, double learningRateFactor = 1) => optimizer.Step(learningRateFactor);
}
