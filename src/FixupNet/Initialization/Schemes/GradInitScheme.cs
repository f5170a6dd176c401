using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Residual;
using TorchSharp;

namespace FixupNet.Initialization.Schemes;

/// <summary>The optimizer whose first step GradInit looks at.</summary>
public enum GradInitStep
{
    /// <summary>η g/‖g‖, and the 2-norm of the gradient g.</summary>
    Sgd,

    /// <summary>η sign(g), and the 1-norm.</summary>
    Adam,
}

/// <summary>GradInit: learns one factor for every parameter, so that the loss after an optimizer's first step is small while the gradient is no larger than γ.</summary>
/// <param name="Step">The optimizer.</param>
/// <param name="StepSize">η, in (0, 10].</param>
/// <param name="GradientNorm">γ, above 0.</param>
/// <param name="Iterations">Changes of the factors, 1 to 100,000.</param>
/// <param name="LearningRate">Of the factors, in (0, 1]; published: 0.05 for ResNet-110 without normalization, 0.001 with it.</param>
/// <param name="HalfBatch">Images of half a batch, 1 to 10,000: a batch and the one after the step have half of theirs in common.</param>
/// <remarks>
/// arXiv:2102.08098, Alg. 1, with the published code's rule for the factors (Adam, derivatives clipped to ±1, factors of weights at least 0.01). It begins
/// with He normal weights by fan-out; parameters that begin with 0 stay 0. Batch normalization takes the batch's statistics.
/// </remarks>
public sealed record GradInitScheme(
    [property: Description("The optimizer whose first step is looked at.")] GradInitStep Step = GradInitStep.Sgd,
    [property: Description("Size of that step."), Range(1e-12, 10.0)] double StepSize = 0.1,
    [property: Description("The largest gradient norm."), Range(1e-12, 1e12)] double GradientNorm = 1.0,
    [property: Description("Changes of the factors."), Range(1, 100_000)] int Iterations = 390,
    [property: Description("Learning rate of the factors."), Range(1e-12, 1.0)] double LearningRate = 0.05,
    [property: Description("Training images of half a batch."), Range(1, 10_000)] int HalfBatch = 64) : LayerwiseScheme
{
    /// <inheritdoc/>
    public override InputKind Inputs => InputKind.Images;

    private const double SmallestWeightFactor = 0.01;

    /// <inheritdoc/>
    public override SchemeNeeds Needs => SchemeNeeds.Gradients;

    /// <inheritdoc/>
    public override void Initialize(InitializationContext context)
    {
        base.Initialize(context);
        var topology = context.Topology;
        var factors = topology.Parameters.Select(parameter => new LearnedFactor(parameter, SmallestFactor(topology.RoleOf(parameter)), LearningRate)).ToList();
        for (var i = 0; i < Iterations; i++)
        {
            using var scope = torch.NewDisposeScope();
            var iteration = new GradInitIteration(context, context.Draw(i, 3 * HalfBatch), this);
            var norm = iteration.GradientNorm;
            if (!double.IsFinite(norm))
                throw new SchemeFailedException($"gradinit: the norm of the gradient is {norm} at iteration {i}: the network is too deep for weights that know nothing of depth, or the learning rate too large.");
            var isTooLarge = norm > GradientNorm;
            var derivatives = isTooLarge ? iteration.NormDerivatives() : iteration.AfterStep().Derivatives;
            for (var k = 0; k < factors.Count; k++) factors[k].Update(derivatives[k], isTooLarge);
        }
    }

    /// <inheritdoc/>
    protected override void Weight(WeightDraw draw, WeightLayer layer) => draw.HeFanOut(layer);

    private static double SmallestFactor(ParameterRole? role) =>
        role is ParameterRole.Weight or ParameterRole.Multiplier or ParameterRole.Gain ? SmallestWeightFactor : 0;
}
