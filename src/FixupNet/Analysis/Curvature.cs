using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Analysis;

/// <summary>A loss around the parameters as they are: its gradient, and products with its Hessian.</summary>
/// <remarks>
/// Parameters count as one vector, concatenated in the order given. The loss is computed once; every product then costs about as much as a
/// backward pass through a forward and a backward pass. The graph of both is kept until the object is disposed, so memory is about three times
/// that of a training step. A network with batch normalization has two Hessians: that of training mode, whose loss sees batch statistics, and
/// that of evaluation mode.
/// </remarks>
public sealed class Curvature : IDisposable
{
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly IList<Tensor> _gradients;

    /// <summary>Differentiates a loss.</summary>
    /// <param name="parameters">The parameters, at least one, each once, all of one dtype and device.</param>
    /// <param name="loss">Computes the loss, a tensor of one element that depends on every parameter.</param>
    /// <exception cref="ArgumentException">There is no parameter, or the loss is not one number.</exception>
    public Curvature(IReadOnlyList<Parameter> parameters, Func<Tensor> loss)
    {
        if (parameters.Count == 0) throw new ArgumentException("There is no parameter to differentiate by.", nameof(parameters));
        _parameters = parameters;
        Size = parameters.Sum(parameter => parameter.numel());
        using var scope = NewDisposeScope();
        using var withGradients = enable_grad();
        var value = loss();
        if (value.numel() != 1) throw new ArgumentException($"The loss has the shape [{string.Join(",", value.shape)}]; must be one number.", nameof(loss));
        Loss = value.ToDouble();
        // The gradients hold the graph, whatever becomes of the other tensors.
        _gradients = autograd.grad([value], [.. parameters], retain_graph: true, create_graph: true);
        foreach (var gradient in _gradients) gradient.DetachFromDisposeScope();
        Gradient = Flat(_gradients).DetachFromDisposeScope();
    }

    /// <summary>The loss.</summary>
    public double Loss { get; }

    /// <summary>How many numbers the parameters are.</summary>
    public long Size { get; }

    /// <summary>The gradient [Size], in the parameters' dtype; lives as long as this object.</summary>
    public Tensor Gradient { get; }

    /// <summary>The Hessian times a direction.</summary>
    /// <param name="direction">The direction [Size], in the parameters' dtype.</param>
    /// <returns>The product [Size].</returns>
    public Tensor Product(Tensor direction)
    {
        if (direction.numel() != Size) throw new ArgumentException($"The direction has {direction.numel()} elements; must have {Size}.", nameof(direction));
        using var scope = NewDisposeScope();
        var products = autograd.grad(_gradients, [.. _parameters], Parts(direction), retain_graph: true);
        return Flat(products).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the graph.</summary>
    public void Dispose()
    {
        foreach (var gradient in _gradients) gradient.Dispose();
        Gradient.Dispose();
    }

    private List<Tensor> Parts(Tensor direction)
    {
        var (parts, start) = (new List<Tensor>(), 0L);
        foreach (var parameter in _parameters)
        {
            parts.Add(direction.narrow(0, start, parameter.numel()).view(parameter.shape));
            start += parameter.numel();
        }
        return parts;
    }

    private static Tensor Flat(IEnumerable<Tensor> tensors) => cat([.. tensors.Select(tensor => tensor.detach().reshape(-1))]);
}
