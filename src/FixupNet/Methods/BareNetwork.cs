namespace FixupNet.Methods;

/// <summary>A convolution as an architecture places it: geometry without anything that a method adds.</summary>
/// <param name="Name">State-dict path.</param>
/// <param name="InChannels">At least 1.</param>
/// <param name="OutChannels">At least 1.</param>
/// <param name="Kernel">k, odd.</param>
/// <param name="Stride">At least 1.</param>
public sealed record BareLayer(string Name, int InChannels, int OutChannels, int Kernel, int Stride = 1);

/// <summary>A residual block as an architecture places it.</summary>
/// <param name="Name">State-dict path, such as "layer1.0".</param>
/// <param name="Layers">The branch's m convolutions in forward order, their names without the block's.</param>
/// <param name="Projects">Whether a changed shape is reached by a 1×1 convolution; else by sub-sampling and zero channels.</param>
/// <param name="Index">The block's place in the network, from 0.</param>
/// <param name="Count">L, the network's blocks.</param>
/// <param name="StageIndex">The block's place in its stage of equal shapes, from 0.</param>
/// <param name="StageBefore">Blocks of the stage before; 0 in the first.</param>
public sealed record BareBranch(
    string Name, IReadOnlyList<BareLayer> Layers, bool Projects, int Index, int Count, int StageIndex, int StageBefore)
{
    /// <summary>Channels that come in.</summary>
    public int InChannels => Layers[0].InChannels;

    /// <summary>Channels that go out.</summary>
    public int OutChannels => Layers[^1].OutChannels;

    /// <summary>By how much the branch makes the image smaller.</summary>
    public int Stride => Layers.Aggregate(1, (stride, layer) => stride * layer.Stride);

    /// <summary>Whether the sum can take the block's input as it is.</summary>
    public bool KeepsShape => Stride == 1 && InChannels == OutChannels;
}
