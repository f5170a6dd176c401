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
public sealed record PruningOptions(
    [property: Description("Among which weights the smallest are looked for.")] PruningScope Scope = PruningScope.Global,
    [property: Description("Test images, the first ones."), Range(1, 1_000_000)] int Images = 1000);

/// <summary>One-shot pruning by magnitude: accuracy against the share of weights that are left out, without training again.</summary>
/// <remarks>Convolutions' weights only: classifier, scalars, biases and what normalizes are kept.</remarks>
internal static class PruningStudy
{
    private static readonly double[] s_shares = [0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98];

    // Accuracy that may be lost before a share counts as too large.
    private const double Loss = 0.01;

    internal static StudyFindings Run(StudyTrial trial, PruningOptions options)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var weights = trial.Network.parameters().Where(parameter => parameter.dim() == 4).Select(parameter => (Tensor)parameter).ToList();
        var trained = weights.Select(weight => weight.clone()).ToList();
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
