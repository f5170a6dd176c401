using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Diagnostics;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Training;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Studies;

/// <summary>Options of the "probe" study.</summary>
/// <param name="Updates">Updates on one batch whose size is measured.</param>
public sealed record ProbeOptions([property: Description("Updates on one batch whose size is measured."), Range(3, 1000)] int Updates = 5);

/// <summary>Looks at a network at its beginning: signal against depth, gradients against depth, and how far the first updates move it.</summary>
/// <remarks>Updates on the first training batch, then thrown away; arXiv:1901.09321, Sec. 3 asks for ‖Δf‖/η that does not depend on depth.</remarks>
internal static class ProbeStudy
{
    private const int WarmUpdates = 2; // the third is the one that ProbeRecord.UpdateSizeByRole names

    internal static StudyFindings Run(StudyTrial trial, ProbeOptions options)
    {
        using var start = trial.Trainings.Start();
        var probe = Measure(start, options.Updates);
        List<StudyValue> values = [new("loss at the start", probe.Loss), new("mean square of the last block's output over the first one's", probe.Blocks[^1].SecondMoment / probe.Blocks[0].SecondMoment)];
        if (probe.Failure is null) values.Add(new($"size of update {options.Updates}", probe.UpdateSizes[^1]));
        else values.Add(new("updates until a value was not finite", probe.UpdateSizes.Count));
        values.AddRange(probe.UpdateSizesByRole.Select(part => new StudyValue(ProbeRecord.UpdateSizeByRole + Metric.Words(part.Role.ToString()), part.UpdateSize)));
        return new StudyFindings(values,
        [
            new(ProbeRecord.UpdateSizesCurve, "update", "‖Δf(x)‖/η", Numbers(probe.UpdateSizes.Count), probe.UpdateSizes, IsLogarithmic: true),
            new("gradient norm at the start against depth", "layer", "gradient norm", Numbers(probe.Layers.Count), [.. probe.Layers.Select(layer => layer.InitialGradientNorm)], IsLogarithmic: true),
            new($"gradient norm after {WarmUpdates} updates against depth", "layer", "gradient norm", Numbers(probe.Layers.Count), [.. probe.Layers.Select(layer => layer.GradientNorm)], IsLogarithmic: true),
            new("mean square of block outputs against depth", "block", "mean square", Numbers(probe.Blocks.Count), [.. probe.Blocks.Select(block => block.SecondMoment)], IsLogarithmic: true),
        ]);

        static double[] Numbers(int count) => [.. Enumerable.Range(1, count).Select(number => (double)number)];
    }

    /// <summary>Measures a network on its first training batch.</summary>
    /// <param name="start">The network, which is changed.</param>
    /// <param name="updates">Updates, at most.</param>
    internal static ProbeResult Measure(StudyStart start, int updates)
    {
        using var scope = NewDisposeScope();
        var batch = start.Task.Training(0, 0);
        var blocks = ActivationMoments.Measure(start.Network, batch.Input);
        var steps = new List<StepResult>();
        var sizes = new List<double>();
        IReadOnlyList<ProbeRole> roles = [];
        while (steps.Count < updates && steps.All(step => step.Failure is null))
        {
            // The parts cost a forward pass each, and say something once no gradient is 0 any more.
            if (steps.Count == WarmUpdates)
            {
                var (size, parts) = UpdateSizeByRole.Measure(start.Network, batch.Input, start.Optimizer.LearningRate, Step);
                sizes.Add(size);
                roles = [.. parts.Select(part => new ProbeRole(part.Role, part.Size))];
            }
            else sizes.Add(UpdateSize.Measure(start.Network, batch.Input, start.Optimizer.LearningRate, Step));
        }
        var warm = steps.ElementAtOrDefault(WarmUpdates);
        var layers = start.Norms.Names.Select((name, i) => new ProbeLayer(name, steps[0].Norms.Norms[i], warm?.Norms.Norms[i] ?? double.NaN));
        return new ProbeResult(
            [.. layers], [.. blocks.Select(block => new ProbeBlock(block.Name, block.Mean, block.SecondMoment))],
            sizes, roles, steps[0].Loss, steps[^1].Failure);

        void Step() => steps.Add(start.Step.Run(batch, learningRateFactor: 1));
    }
}
