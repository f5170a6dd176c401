using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FixupNet.Experiments.Configuration;

/// <summary>What is measured during training.</summary>
/// <param name="GradientNormsEverySteps">Steps between records of gradient norms, in [0, 10^9]; default 10; 0 for never.</param>
/// <param name="ActivationsEverySteps">Steps between records of activations, in [0, 10^9]; default 0, never.</param>
/// <param name="Layers">The parameters whose gradients count; default weights.</param>
/// <param name="MetricsEverySteps">Steps between training metrics, in [1, 10^9]; default 10.</param>
/// <param name="Tensorboard">Whether event files for TensorBoard are written too; default false.</param>
public sealed record RecordConfig(
    [property: Description("Steps between records of gradient norms; 0: never."), Range(0, 1_000_000_000)] int GradientNormsEverySteps = 10,
    [property: Description("Steps between records of activations; 0: never."), Range(0, 1_000_000_000)] int ActivationsEverySteps = 0,
    [property: Description("Parameters whose gradients are recorded.")] LayerSelection Layers = LayerSelection.Weights,
    [property: Description("Steps between training metrics."), Range(1, 1_000_000_000)] int MetricsEverySteps = 10,
    [property: Description("Write event files for TensorBoard as well.")] bool Tensorboard = false);
