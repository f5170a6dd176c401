using FixupNet.Diagnostics;
using FixupNet.Execution;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training;

/// <summary>Finds where the first value of a step that is not finite appeared.</summary>
/// <param name="network">The network.</param>
/// <param name="norms">Measures its gradients.</param>
public sealed class FailureSearch(ResidualNetwork network, GradientNorms norms)
{
    /// <summary>Looks for it, when loss or gradients tell that it is there.</summary>
    /// <param name="loss">Loss of the batch.</param>
    /// <param name="reading">Gradient norms of the batch.</param>
    /// <param name="batch">The batch.</param>
    /// <returns>Where it is; null when all is finite.</returns>
    // The forward pass is searched first: an activation that overflows spoils every gradient, so the gradients alone would blame the wrong layer.
    public NonFiniteValue? Find(double loss, GradientNormReading reading, Batch batch)
    {
        if (double.IsFinite(loss) && double.IsFinite(reading.Total)) return null;
        if (!double.IsFinite(loss) && FirstBlock(batch.Input) is { } block) return new NonFiniteValue(block, "the output is not finite");
        if (InParameters() is { } parameter) return parameter;
        if (reading.FirstNonFinite is { } index) return new NonFiniteValue(norms.Names[index], $"the gradient norm is {Name(reading.Norms[index])}");
        return double.IsFinite(loss)
            ? new NonFiniteValue("scalars", $"the gradient norm is {Name(reading.Total)}")
            : new NonFiniteValue("loss", $"the loss is {Name(loss)}");
    }

    /// <summary>Looks for the first parameter that is not finite.</summary>
    /// <returns>Its name; null when all are finite.</returns>
    public NonFiniteValue? InParameters()
    {
        foreach (var (name, parameter) in network.named_parameters())
        {
            using var scope = NewDisposeScope();
            if (!parameter.isfinite().all().ToBoolean()) return new NonFiniteValue(name, "the parameter is not finite");
        }
        return null;
    }

    private string? FirstBlock(Tensor input)
    {
        using var statistics = new BufferSnapshot(network);
        return NonFiniteScan.FirstBlock(network, input);
    }

    private static string Name(double value) => double.IsNaN(value) ? "NaN" : "Infinity";
}
