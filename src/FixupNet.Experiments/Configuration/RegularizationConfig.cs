using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Execution;

namespace FixupNet.Experiments.Configuration;

/// <summary>What keeps a network from learning its training examples by heart, beside weight decay and augmentation.</summary>
/// <param name="LabelSmoothing">The share of each label that is spread over all classes, in [0, 1); 0, the default, for none.</param>
/// <param name="WeightAverageDecay">
/// Evaluates and saves an exponential moving average of the weights, of which each step keeps this share, in [0, 1); null, the default, for none.
/// </param>
/// <param name="Dropout">Probability that a feature is dropped before the classifier, in [0, 1); default 0.</param>
/// <param name="BlockDropout">Probability that an element is dropped before the last convolution of a branch, as in wide ResNets, in [0, 1); default 0.</param>
/// <param name="StochasticDepth">Probability that the last branch is dropped, an image at a time; of branch l of L it is l/L of that; in [0, 1), default 0.</param>
public sealed record RegularizationConfig(
    [property: Description("The share of each label that is spread over all classes."), Range(0.0, 0.999999)] double LabelSmoothing = 0,
    [property: Description("Evaluates and saves a moving average of the weights, of which each step keeps this share; null: none."), Range(0.0, 0.9999999999)]
    double? WeightAverageDecay = null,
    [property: Description("Probability that a feature is dropped before the classifier."), Range(0.0, 0.999999)] double Dropout = 0,
    [property: Description("Probability that an element is dropped before the last convolution of a branch."), Range(0.0, 0.999999)] double BlockDropout = 0,
    [property: Description("Probability that the last branch is dropped, an image at a time; of those before it in proportion."), Range(0.0, 0.999999)]
    double StochasticDepth = 0)
{
    /// <summary>What a network drops at random.</summary>
    internal DropRates Drops => new(Dropout, BlockDropout, StochasticDepth);
}
