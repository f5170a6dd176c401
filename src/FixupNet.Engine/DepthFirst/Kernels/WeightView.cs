namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Weights [out][in][k][k] as the model holds them; channels beyond these are 0.</summary>
internal readonly unsafe struct WeightView(float* values, int outChannels, int inChannels)
{
    internal readonly float* Values = values;
    internal readonly int OutChannels = outChannels;
    internal readonly int InChannels = inChannels;
}
