using FixupNet.Residual;

namespace FixupNet.Initialization;

/// <summary>Where in the network a branch's layer stands.</summary>
/// <param name="BranchCount">L, residual branches in the network.</param>
/// <param name="LayerCount">m, weight layers in this branch.</param>
/// <param name="LayerIndex">The layer's place in the branch, from 0.</param>
/// <param name="Stride">The layer's stride; 1 where the description does not tell it.</param>
public readonly record struct BranchPosition(int BranchCount, int LayerCount, int LayerIndex, int Stride = 1)
{
    /// <summary>The half of the network that the branch stands in; null where the network has no halves.</summary>
    public NetworkSide? Side { get; init; }

    /// <summary>Layers of the two halves.</summary>
    public StackDepths Depths { get; init; }

    /// <summary>Whether the layer ends its branch.</summary>
    public bool IsLast => LayerIndex == LayerCount - 1;
}
