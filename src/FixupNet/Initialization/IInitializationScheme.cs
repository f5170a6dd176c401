using FixupNet.Residual;
using static TorchSharp.torch;

namespace FixupNet.Initialization;

/// <summary>Gives every parameter of a network its first value.</summary>
public interface IInitializationScheme
{
    /// <summary>Writes every parameter of the topology, in topology order.</summary>
    /// <param name="topology">The network; its parameters may be float32 or float64 and on any device.</param>
    /// <param name="generator">The only source of randomness; global random state is neither read nor changed.</param>
    void Initialize(ResidualTopology topology, Generator generator);
}
