using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Training.Tests;

/// <summary>Logits that are linear in the pixels, with given weights [K,3072].</summary>
internal sealed class LinearNetwork : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;

    public LinearNetwork(Tensor weights) : base(nameof(LinearNetwork))
    {
        weight = new Parameter(weights);
        RegisterComponents();
    }

    /// <summary>Whether the last forward pass was in training mode.</summary>
    public bool? WasTraining { get; private set; }

    public override Tensor forward(Tensor input)
    {
        WasTraining = training;
        return nn.functional.linear(input.flatten(1), weight);
    }
}
