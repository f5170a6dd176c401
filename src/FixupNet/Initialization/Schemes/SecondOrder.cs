using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Initialization.Schemes;

/// <summary>Gradients that can be differentiated again.</summary>
internal static class SecondOrder
{
    /// <summary>The gradients of a scalar, which have graphs of their own.</summary>
    internal static IList<Tensor> Gradients(Tensor scalar, IEnumerable<Parameter> parameters) =>
        autograd.grad([scalar], [.. parameters], retain_graph: true, create_graph: true);

    /// <summary>The sum of scalars, at least one.</summary>
    internal static Tensor Sum(IEnumerable<Tensor> scalars) => scalars.Aggregate((sum, next) => sum + next);

    /// <summary>The inner product of each gradient with its parameter.</summary>
    internal static double[] Products(IEnumerable<Tensor> gradients, IEnumerable<Parameter> parameters)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        return [.. gradients.Zip(parameters, (gradient, parameter) => (gradient * parameter).sum(type: float64).ToDouble())];
    }
}
