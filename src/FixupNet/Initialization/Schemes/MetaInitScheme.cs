using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Randomness;
using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Initialization.Schemes;

/// <summary>MetaInit: learns the norms of weights so that a step along the gradient changes the gradient little, on random images and labels.</summary>
/// <param name="Steps">Steps, 1 to 100,000.</param>
/// <param name="LearningRate">By how much a step changes a norm, in (0, 10].</param>
/// <param name="Momentum">In [0, 1).</param>
/// <param name="BatchSize">Random images of a step, 1 to 10,000.</param>
/// <remarks>
/// Dauphin and Schoenholz, "MetaInit: Initializing learning by learning to initialize", NeurIPS 2019, Alg. 1: descent by signs on the gradient quotient
/// ‖(g − Hg)/(g + ε s) − 1‖₁/P over all P parameters, s = ±1 as g. It begins with He normal weights by fan-out. Batch normalization takes its running statistics.
/// </remarks>
public sealed record MetaInitScheme(
    [property: Description("Steps."), Range(1, 100_000)] int Steps = 500,
    [property: Description("By how much a step changes a norm."), Range(1e-12, 10.0)] double LearningRate = 0.1,
    [property: Description("Momentum of the steps."), Range(0.0, 0.999999)] double Momentum = 0.9,
    [property: Description("Random images of a step."), Range(1, 10_000)] int BatchSize = 32) : LayerwiseScheme
{
    /// <inheritdoc/>
    public override InputKind Inputs => InputKind.Images;

    private const double Epsilon = 1e-5;

    /// <inheritdoc/>
    public override SchemeNeeds Needs => SchemeNeeds.Gradients;

    /// <inheritdoc/>
    public override void Initialize(InitializationContext context)
    {
        base.Initialize(context);
        var random = new WeightDraw(context.Generator).OwnRandom();
        var velocities = new double[context.Topology.WeightLayers.Count];
        using var scope = NewDisposeScope();
        var like = context.Draw(0, 1).Images;
        for (var i = 0; i < Steps; i++)
        {
            using var step = NewDisposeScope();
            var (quotient, derivatives) = Quotient(context, RandomSample(like, context.Topology.Classifier, ref random));
            if (!double.IsFinite(quotient))
                throw new SchemeFailedException($"metainit: the gradient quotient is {quotient} at step {i}: the network is too deep for weights that know nothing of depth, or the learning rate too large.");
            Update(context.Topology.WeightLayers, derivatives, velocities);
        }
    }

    /// <summary>The gradient quotient and its derivatives by factors of every layer's weight.</summary>
    /// <param name="context">The network.</param>
    /// <param name="sample">The batch.</param>
    internal static (double Quotient, double[] Derivatives) Quotient(InitializationContext context, SchemeSample sample)
    {
        var (parameters, weights) = (context.Topology.Parameters, context.Topology.WeightLayers.Select(layer => layer.Weight).ToList());
        var loss = context.Loss(context.Scores(sample.Images), sample.Labels);
        var gradients = SecondOrder.Gradients(loss, parameters);
        var products = SecondOrder.Gradients(SecondOrder.Sum(gradients.Select(gradient => gradient.square().sum() / 2)), parameters);
        var quotient = SecondOrder.Sum(gradients.Zip(products, Term)) / parameters.Sum(parameter => parameter.numel());
        var derivatives = autograd.grad([quotient], [.. weights], retain_graph: false);
        return (quotient.ToDouble(), SecondOrder.Products(derivatives, weights));
    }

    /// <summary>Changes the norms of weights.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="derivatives">The quotient's by each layer's factor.</param>
    /// <param name="velocities">Of each norm; changed too.</param>
    internal void Update(IReadOnlyList<WeightLayer> layers, double[] derivatives, double[] velocities)
    {
        using var noGradients = no_grad();
        for (var i = 0; i < layers.Count; i++)
        {
            using var measured = layers[i].Weight.norm();
            var norm = measured.ToDouble();
            if (norm == 0) continue;
            velocities[i] = Momentum * velocities[i] - LearningRate * Math.Sign(derivatives[i]);
            layers[i].Weight.mul_((norm + velocities[i]) / norm);
        }
    }

    /// <inheritdoc/>
    protected override void Weight(WeightDraw draw, WeightLayer layer) => draw.HeFanOut(layer);

    private static Tensor Term(Tensor gradient, Tensor product)
    {
        var sign = gradient.detach().ge(0).to(gradient.dtype) * 2 - 1;
        return ((gradient - product) / (gradient + sign * Epsilon) - 1).abs().sum();
    }

    private SchemeSample RandomSample(Tensor like, WeightLayer classifier, ref CounterRandom random)
    {
        var (images, labels) = (new double[BatchSize * like.numel()], new long[BatchSize]);
        for (var i = 0; i < images.Length; i++) images[i] = random.NextGaussian();
        for (var i = 0; i < labels.Length; i++) labels[i] = random.NextInt((int)classifier.Weight.shape[0]);
        return new SchemeSample(tensor(images, [BatchSize, .. like.shape[1..]], like.dtype, like.device), tensor(labels, device: like.device));
    }
}
