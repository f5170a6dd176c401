using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Analysis;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Studies;

/// <summary>Options of the "pruning" study.</summary>
/// <param name="Scope">Among which weights the smallest are looked for.</param>
/// <param name="Images">Test images, the first ones.</param>
/// <param name="Levels">Levels of pruning and training again; 0, the default, for pruning at once and no training.</param>
/// <param name="Rate">Share of the weights still there that a level leaves out.</param>
/// <param name="RewindSteps">Updates after which weights were what they are set back to; 0 for the initialization.</param>
/// <param name="Controls">Whether each level is trained with a random mask of the same densities too, and from another initialization.</param>
/// <param name="Epochs">Passes over the training set of each level; null for the trial's.</param>
public sealed record PruningOptions(
    [property: Description("Among which weights the smallest are looked for.")] PruningScope Scope = PruningScope.Global,
    [property: Description("Test images, the first ones."), Range(1, 1_000_000)] int Images = 1000,
    [property: Description("Levels of pruning and training again; 0: prune at once, without training."), Range(0, 100)] int Levels = 0,
    [property: Description("Share of the weights still there that a level leaves out."), Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)] double Rate = 0.2,
    [property: Description("Updates to which weights are set back; 0: the initialization."), Range(0, 1_000_000_000)] long RewindSteps = 0,
    [property: Description("Train each level with a random mask and from another initialization too.")] bool Controls = true,
    [property: Description("Passes over the training set of each level; null: the trial's."), Range(1, 1_000_000)] int? Epochs = null);

/// <summary>Pruning by magnitude: accuracy against the share of weights that are left out, without training again, and level after level with it.</summary>
/// <remarks>Convolutions' weights only: classifier, scalars, biases and what normalizes are kept.</remarks>
internal static class PruningStudy
{
    private static readonly double[] s_shares = [0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98];

    // Accuracy that may be lost before a share counts as too large.
    internal const double Loss = 0.01;

    internal static StudyFindings Run(StudyTrial trial, PruningOptions options)
    {
        using var scope = NewDisposeScope();
        var weights = trial.Network.named_parameters().Where(item => item.parameter.dim() == 4).ToList();
        List<(string Name, Tensor Weights)> trained = [.. weights.Select(item => (item.name, item.parameter.detach().clone()))];
        var atOnce = AtOnce(trial, options, [.. weights.Select(item => item.parameter)], [.. trained.Select(item => item.Weights)]);
        if (options.Levels == 0) return atOnce;
        var inLevels = new IterativePruning(trial, options).Run(trained, atOnce.Values[0].Value);
        return new StudyFindings([.. atOnce.Values, .. inLevels.Values], [.. atOnce.Curves, .. inLevels.Curves]);
    }

    private static StudyFindings AtOnce(StudyTrial trial, PruningOptions options, List<Tensor> weights, List<Tensor> trained)
    {
        using var mode = no_grad();
        List<double> accuracies = [];
        foreach (var share in s_shares)
        {
            using var inner = NewDisposeScope();
            foreach (var (weight, original, mask) in weights.Zip(trained, MagnitudePruning.Masks(trained, share, options.Scope))) weight.copy_(original * mask);
            accuracies.Add(trial.Task.Evaluate(trial.Network, options.Images).Values[Metric.Accuracy.Name]!.Value);
        }
        var kept = s_shares.Zip(accuracies).TakeWhile(pair => pair.Second >= accuracies[0] - Loss).Last().First;
        return new StudyFindings(
            [
                new("accuracy with all weights", accuracies[0], Metric.Share),
                new("accuracy without the smallest 80 %", accuracies[Array.IndexOf(s_shares, 0.8)], Metric.Share),
                new("share left out for one point of accuracy", kept, Metric.Share),
            ],
            [new("accuracy against the share of weights left out", "share of weights left out", "accuracy", s_shares, accuracies, Metric.Share)]);
    }
}
