using static TorchSharp.torch;

namespace FixupNet.Optimization;

/// <summary>Changes parameters along their gradients.</summary>
public interface IOptimizer : IDisposable
{
    /// <summary>Sets every gradient to 0; backward passes then add to them. Call this instead of the module's zero_grad().</summary>
    /// <exception cref="InvalidOperationException">The module was moved or converted since the optimizer was made.</exception>
    void ZeroGradients();

    /// <summary>Changes every parameter once.</summary>
    /// <param name="learningRateFactor">The schedule's factor on every group's learning rate, finite and 0 or more.</param>
    /// <returns>Whether every parameter is finite afterwards: an update can overflow though gradients are finite.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The factor is negative or not finite.</exception>
    /// <exception cref="InvalidOperationException">The module was moved or converted, or a gradient replaced by another tensor, since <see cref="ZeroGradients"/>.</exception>
    bool Step(double learningRateFactor);

    /// <summary>η of the weights, before the schedule's factor.</summary>
    double LearningRate { get; }

    /// <summary>What the optimizer remembers, live: save these tensors in a checkpoint, and copy_ into them under no_grad to restore.</summary>
    IReadOnlyList<(string Name, Tensor State)> State { get; }

    /// <summary>All parameters by the rates they learn at.</summary>
    IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>The gradients it steps along.</summary>
    FlatGradients Gradients { get; }
}
