using FixupNet.Analysis;
using FixupNet.Execution;
using FixupNet.Optimization.GradientTransforms;
using FixupNet.Randomness;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Studies;

/// <summary>Pruning in levels (arXiv:1803.03635, 1912.05671): leave out some of the smallest weights, set the others back to what they were, train again.</summary>
/// <remarks>
/// Magnitudes are always those of trained weights: what is set back to the initialization may be 0 by construction, as the end of every branch
/// is under Fixup, and is no pruned weight for that. Masks tell the two apart, and hold in training by the gradients that they take away.
/// </remarks>
internal sealed class IterativePruning(StudyTrial trial, PruningOptions options)
{
    private readonly Dictionary<string, Tensor> _rewound = [];

    /// <summary>Prunes and trains level after level.</summary>
    /// <param name="trained">The trial's trained weights by name, those that may be left out.</param>
    /// <param name="dense">The trial's accuracy with all of them.</param>
    internal StudyFindings Run(IReadOnlyList<(string Name, Tensor Weights)> trained, double dense)
    {
        using (var training = trial.Trainings.Train("rewound", new TrainingVariation { Steps = options.RewindSteps, Epochs = options.Epochs }))
            foreach (var (name, tensor) in training.Network.state_dict()) _rewound[name] = tensor.detach().clone();
        var weights = trained;
        IReadOnlyList<Tensor>? masks = null;
        var (shares, kept, random, other) = (new List<double> { 0 }, new List<double> { dense }, new List<double> { dense }, new List<double> { dense });
        var diverged = 0;
        for (var level = 1; level <= options.Levels; level++)
        {
            masks = MagnitudePruning.Masks([.. weights.Select(item => item.Weights)], options.Rate, options.Scope, masks);
            shares.Add(1 - masks.Sum(mask => mask.sum().ToDouble()) / masks.Sum(mask => mask.numel()));
            var (accuracy, next) = Train($"level-{level}", masks, isRewound: true);
            kept.Add(accuracy);
            if (options.Controls)
            {
                random.Add(Train($"random-{level}", Shuffled(masks, level), isRewound: true).Accuracy);
                other.Add(Train($"reinitialized-{level}", masks, isRewound: false).Accuracy);
            }
            weights = next;
        }
        var percent = FormattableString.Invariant($"{shares[^1] * 100:F0} %");
        List<StudyValue> values = [new($"accuracy trained without {percent}", kept[^1], Metric.Share), new("largest share left out in levels for one point of accuracy", shares.Zip(kept).Last(pair => pair.Second >= dense - PruningStudy.Loss).First, Metric.Share)];
        List<StudyCurve> curves = [Curve("trained again without the smallest weights", kept)];
        if (options.Controls)
        {
            values.AddRange([new($"accuracy trained without {percent}, random mask", random[^1], Metric.Share), new($"accuracy trained without {percent}, initialized anew", other[^1], Metric.Share)]);
            curves.AddRange([Curve("trained again with random masks of the same densities", random), Curve("trained again, initialized anew", other)]);
        }
        values.Add(new("trainings that diverged", diverged));
        return new StudyFindings(values, curves);

        StudyCurve Curve(string name, List<double> accuracies) => new(name, "share of weights left out", "accuracy", shares, accuracies, Metric.Share);

        (double Accuracy, IReadOnlyList<(string Name, Tensor Weights)> Weights) Train(string name, IReadOnlyList<Tensor> mask, bool isRewound)
        {
            var byName = trained.Zip(mask).ToDictionary(pair => pair.First.Name, pair => pair.Second);
            using var training = trial.Trainings.Train(name, new TrainingVariation
            {
                Epochs = options.Epochs,
                Seeds = isRewound ? null : trial.Seeds.With("initialization", trial.Seeds.SeedOf("study-pruning-initialization", 0)),
                Start = network => Begin(network, byName, isRewound),
                Transform = target => new GradientMask(target, byName),
            });
            if (training.Diverged) diverged++;
            var accuracy = training.Diverged ? training.TestAccuracy : training.Task.Evaluate(training.Network, options.Images).Values[Metric.Accuracy.Name]!.Value;
            return (accuracy, [.. training.Network.named_parameters().Where(item => byName.ContainsKey(item.name)).Select(item => (item.name, item.parameter.detach().clone()))]);
        }
    }

    private void Begin(ResidualNetwork network, Dictionary<string, Tensor> masks, bool isRewound)
    {
        using var mode = no_grad();
        if (isRewound)
            foreach (var (name, tensor) in network.state_dict()) tensor.copy_(_rewound[name]);
        foreach (var (name, parameter) in network.named_parameters())
            if (masks.TryGetValue(name, out var mask)) parameter.mul_(mask);
    }

    // As many weights of each tensor, but any.
    private List<Tensor> Shuffled(IReadOnlyList<Tensor> masks, int level) =>
    [
        .. masks.Select((mask, layer) =>
        {
            var order = Permutation.Of((int)mask.numel(), trial.Seeds.Stream("study-pruning-mask", level, layer));
            return mask.flatten().index_select(0, tensor(Array.ConvertAll(order, place => (long)place), device: mask.device)).view(mask.shape);
        }),
    ];
}
