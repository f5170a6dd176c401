using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FixupNet.Models.Layers;

/// <summary>The linear layer that ends a network. Weight and bias are 0 until a scheme initializes them.</summary>
public sealed class Classifier : Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter bias;

    /// <summary>Creates the layer.</summary>
    /// <param name="featureCount">Features in, at least 1.</param>
    /// <param name="classCount">K, classes out, at least 1.</param>
    public Classifier(long featureCount, long classCount) : base(nameof(Classifier))
    {
        weight = ParameterFactory.Constant(0.0, classCount, featureCount);
        bias = ParameterFactory.Constant(0.0, classCount);
        RegisterComponents();
    }

    /// <summary>Computes class scores.</summary>
    /// <param name="features">Features [N,F].</param>
    /// <returns>Logits [N,K].</returns>
    public override Tensor forward(Tensor features) => functional.linear(features, weight, bias);

    /// <summary>Describes the layer.</summary>
    /// <param name="name">Its state-dict path.</param>
    public WeightLayer Describe(string name) => new(name, weight, bias);
}
