using FixupNet.Diagnostics;
using FixupNet.Experiments.Configuration;
using FixupNet.Residual;
using FixupNet.Training;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Trials;

/// <summary>What a probe measured on one batch.</summary>
/// <param name="Layers">Gradient norms, in forward order.</param>
/// <param name="Blocks">Block outputs at initialization, in forward order, the stem first.</param>
/// <param name="UpdateSizes">‖Δf(x)‖/η of the first, second, … update; shorter where a value stopped being finite.</param>
/// <param name="UpdateSizesByRole">‖Δf(x)‖/η of the third update, of the changes of each kind of parameter alone; empty where it did not get so far.</param>
/// <param name="Loss">Loss at initialization.</param>
/// <param name="Failure">The first value that was not finite; null when all were.</param>
public sealed record ProbeResult(
    IReadOnlyList<ProbeLayer> Layers, IReadOnlyList<ProbeBlock> Blocks, IReadOnlyList<double> UpdateSizes,
    IReadOnlyList<ProbeRole> UpdateSizesByRole, double Loss, NonFiniteValue? Failure);

/// <summary>Gradient norms of one layer.</summary>
/// <param name="Name">The layer.</param>
/// <param name="InitialGradientNorm">At initialization; 0 almost everywhere for Fixup.</param>
/// <param name="GradientNorm">After two updates, when no gradient is 0 any more; NaN where it did not get so far.</param>
public sealed record ProbeLayer(string Name, double InitialGradientNorm, double GradientNorm);

/// <summary>The output of one block.</summary>
/// <param name="Name">The block.</param>
/// <param name="Mean">Mean of its elements.</param>
/// <param name="SecondMoment">Mean of their squares.</param>
public sealed record ProbeBlock(string Name, double Mean, double SecondMoment);

/// <summary>What the parameters of one kind do in an update.</summary>
/// <param name="Role">The kind.</param>
/// <param name="UpdateSize">‖Δf(x)‖/η when they alone change.</param>
public sealed record ProbeRole(ParameterRole Role, double UpdateSize);

/// <summary>Looks at a network at its beginning: signal against depth, gradients against depth, and how far the first updates move it.</summary>
/// <remarks>Five updates on one batch, then thrown away; arXiv:1901.09321, Sec. 3 asks for ‖Δf‖/η that does not depend on depth.</remarks>
public static class ProbeRunner
{
    private const int UpdateCount = 5;
    private const int WarmUpdates = 2;

    /// <summary>Measures the network of a configuration on its first training batch.</summary>
    /// <param name="document">The configuration.</param>
    /// <param name="options">Where and how it runs.</param>
    public static ProbeResult Run(TrainDocument document, TrialOptions options)
    {
        using var scope = NewDisposeScope();
        using var trial = TrialAssembly.Create(document.Config, options);
        var batch = trial.Task.Training(0, 0);
        var blocks = ActivationMoments.Measure(trial.Network, batch.Input);
        var steps = new List<StepResult>();
        var sizes = new List<double>();
        IReadOnlyList<ProbeRole> roles = [];
        while (steps.Count < UpdateCount && steps.All(step => step.Failure is null))
        {
            // The parts cost a forward pass each, and say something once no gradient is 0 any more.
            if (steps.Count == WarmUpdates)
            {
                var (size, parts) = UpdateSizeByRole.Measure(trial.Network, batch.Input, trial.Optimizer.LearningRate, Step);
                sizes.Add(size);
                roles = [.. parts.Select(part => new ProbeRole(part.Role, part.Size))];
            }
            else sizes.Add(UpdateSize.Measure(trial.Network, batch.Input, trial.Optimizer.LearningRate, Step));
        }
        var warm = steps.ElementAtOrDefault(WarmUpdates);
        var layers = trial.Norms.Names.Select((name, i) => new ProbeLayer(name, steps[0].Norms.Norms[i], warm?.Norms.Norms[i] ?? double.NaN));
        return new ProbeResult(
            [.. layers], [.. blocks.Select(block => new ProbeBlock(block.Name, block.Mean, block.SecondMoment))],
            sizes, roles, steps[0].Loss, steps[^1].Failure);

        void Step() => steps.Add(trial.Step.Run(batch, learningRateFactor: 1));
    }
}
