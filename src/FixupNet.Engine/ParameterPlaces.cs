using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FixupNet.Engine.DepthFirst;
using FixupNet.Optimization;
using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Engine;

/// <summary>Finds parameters and their gradients in memory, and knows which it was asked for.</summary>
/// <param name="gradients">The gradients; null where only shapes matter.</param>
internal sealed unsafe class ParameterPlaces(FlatGradients? gradients)
{
    private readonly HashSet<object> _placed = new(ReferenceEqualityComparer.Instance);

    /// <summary>Where a parameter and its gradient are; neither for null.</summary>
    internal ParameterMemory Place(Parameter? parameter)
    {
        if (parameter is null) return default;
        _placed.Add(parameter);
        return new(AddressOf<float>(parameter), gradients is null ? null : AddressOf<float>(gradients.Of(parameter)));
    }

    /// <summary>A convolution with its weights.</summary>
    internal ConvolutionLayer Convolution(WeightLayer layer, int stride) =>
        new((int)layer.Weight.shape[1], (int)layer.Weight.shape[0], (int)layer.Weight.shape[2], stride, Place(layer.Weight));

    /// <summary>The linear layer at the end, and what is added before it.</summary>
    internal HeadLayers Head(WeightLayer classifier, Parameter? bias2) => new(
        (int)classifier.Weight.shape[0], (int)classifier.Weight.shape[1], Place(bias2), Place(classifier.Weight), Place(classifier.Bias));

    /// <summary>Refuses a network that has a parameter which nobody asked for.</summary>
    /// <exception cref="NotSupportedException">There is one.</exception>
    internal void RequireAllOf(nn.Module network)
    {
        if (network.named_parameters().FirstOrDefault(item => !_placed.Contains(item.parameter)).name is { } leftOver)
            throw EngineNetwork.Refusal($"it has no place for the parameter {leftOver}");
    }

    // The memory is libtorch's own: it does not move.
    internal static T* AddressOf<T>(Tensor tensor) where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
}
