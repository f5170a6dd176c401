using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FixupNet.Experiments.Configuration;

/// <summary>What keeps a network from learning its training examples by heart, beside weight decay and augmentation.</summary>
/// <param name="LabelSmoothing">The share of each label that is spread over all classes, in [0, 1); 0, the default, for none.</param>
/// <param name="WeightAverageDecay">
/// Evaluates and saves an exponential moving average of the weights, of which each step keeps this share, in [0, 1); null, the default, for none.
/// </param>
public sealed record RegularizationConfig(
    [property: Description("The share of each label that is spread over all classes."), Range(0.0, 0.999999)] double LabelSmoothing = 0,
    [property: Description("Evaluates and saves a moving average of the weights, of which each step keeps this share; null: none."), Range(0.0, 0.9999999999)]
    double? WeightAverageDecay = null);
