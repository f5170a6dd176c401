using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Initialization.Schemes;

/// <summary>Layer-sequential unit variance: orthonormal weights, each then scaled until the layer's output has standard deviation 1 on a batch.</summary>
/// <param name="Tolerance">How far from 1 the deviation may be, in [0, 1).</param>
/// <param name="Tries">Corrections of a layer at most, 1 to 100.</param>
/// <param name="Images">Training images of the batch, 1 to 10,000.</param>
/// <remarks>
/// arXiv:1511.06422, Alg. 1, a baseline of arXiv:1901.09321, Fig. 3. A layer's output is proportional to its weight, so it is scaled together with the
/// weight and one forward pass does for the whole network. Of a standardized weight, whose size does not matter, the gain is scaled.
/// </remarks>
public sealed record LsuvScheme(
    [property: Description("How far from 1 a layer's standard deviation may be."), Range(0.0, 0.999)] double Tolerance = 0.1,
    [property: Description("Corrections of a layer at most."), Range(1, 100)] int Tries = 10,
    [property: Description("Training images of the batch."), Range(1, 10_000)] int Images = 128) : LayerwiseScheme
{
    /// <inheritdoc/>
    public override InputKind Inputs => InputKind.Images;

    // The published code's: no division by 0.
    private const double Smallest = 1e-8;

    /// <inheritdoc/>
    public override SchemeNeeds Needs => SchemeNeeds.Forward;

    /// <inheritdoc/>
    public override void Initialize(InitializationContext context)
    {
        base.Initialize(context);
        using var scope = NewDisposeScope();
        Scale(context, context.Draw(0, Images).Images);
    }

    /// <summary>Scales every layer of a network.</summary>
    /// <param name="context">The network.</param>
    /// <param name="images">The batch.</param>
    /// <returns>By what each layer was multiplied, and the deviation that it ended with.</returns>
    internal IReadOnlyDictionary<string, (double Factor, double Deviation)> Scale(InitializationContext context, Tensor images)
    {
        using var noGradients = no_grad();
        var layers = context.Topology.WeightLayers.ToDictionary(layer => layer.Name);
        var scaled = new Dictionary<string, (double, double)>();
        using var logits = context.Scores(images, layerOutput: (name, output) => scaled[name] = Scale(layers[name], output));
        if (layers.Keys.Except(scaled.Keys).FirstOrDefault() is { } forgotten)
            throw new ArgumentException($"The forward pass does not tell the output of {forgotten}.", nameof(context));
        return scaled;
    }

    /// <inheritdoc/>
    protected override void Weight(WeightDraw draw, WeightLayer layer) => draw.Orthogonal(layer, gain: 1);

    /// <inheritdoc/>
    protected override void Classifier(WeightDraw draw, WeightLayer layer) => Weight(draw, layer);

    private (double Factor, double Deviation) Scale(WeightLayer layer, Tensor output)
    {
        var (factor, deviation) = (1.0, Deviation(layer, output));
        for (var tries = 0; Math.Abs(deviation - 1) > Tolerance && tries < Tries; tries++)
        {
            var correction = 1 / (deviation + Smallest);
            (layer.Gain ?? layer.Weight).mul_(correction);
            output.mul_(correction);
            (factor, deviation) = (factor * correction, Deviation(layer, output));
        }
        return (factor, deviation);
    }

    private static double Deviation(WeightLayer layer, Tensor output)
    {
        using var scope = NewDisposeScope();
        var values = output.to(float64);
        var deviation = (values - values.mean()).square().mean().sqrt().ToDouble();
        return deviation > 0 && double.IsFinite(deviation)
            ? deviation
            : throw new SchemeFailedException($"lsuv: the outputs of {layer.Name} have standard deviation {deviation}, which no factor makes 1.");
    }
}
