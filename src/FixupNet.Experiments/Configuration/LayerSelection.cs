namespace FixupNet.Experiments.Configuration;

/// <summary>The parameters whose gradients are recorded.</summary>
public enum LayerSelection
{
    /// <summary>Weights of convolutions and linear layers.</summary>
    Weights,

    /// <summary>Every parameter, scalars and biases too.</summary>
    All,
}
