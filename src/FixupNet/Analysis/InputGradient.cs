using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Analysis;

/// <summary>Gradients by what a network is given, not by its parameters.</summary>
internal static class InputGradient
{
    /// <summary>The gradient of a number by an input.</summary>
    /// <param name="input">The input; not changed, and outside any graph that it is part of.</param>
    /// <param name="function">Computes one number of the input, differentiable.</param>
    /// <returns>The gradient, in the shape of the input.</returns>
    public static Tensor Of(Tensor input, Func<Tensor, Tensor> function)
    {
        using var scope = NewDisposeScope();
        using var withGradients = enable_grad();
        var variable = input.detach().requires_grad_();
        return autograd.grad([function(variable)], [variable])[0].MoveToOuterDisposeScope();
    }
}
