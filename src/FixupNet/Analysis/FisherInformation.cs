using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Analysis;

/// <summary>The diagonal of the Fisher information of a classifier's weights, exact: F_i = mean over images of Σ_c p_c·(∂ log p_c / ∂θ_i)².</summary>
/// <remarks>
/// One image and one class at a time: the square of a gradient that was averaged over a batch is something else, and so is the square of the true
/// label's gradient alone (the "empirical" Fisher). The network must be in evaluation mode. Where the end of every branch is 0, as Fixup
/// begins, weights inside a branch have a Fisher information of exactly 0: estimate after training.
/// </remarks>
public static class FisherInformation
{
    /// <summary>Computes it.</summary>
    /// <param name="parameters">The weights.</param>
    /// <param name="scores">Scores [1,K] of one image [1,C,H,W]: logits of the classes that there are.</param>
    /// <param name="images">Images [N,C,H,W], at least one.</param>
    /// <returns>One tensor a parameter, in its shape and dtype.</returns>
    public static IReadOnlyList<Tensor> Diagonal(IReadOnlyList<Parameter> parameters, Func<Tensor, Tensor> scores, Tensor images)
    {
        var count = images.shape[0];
        List<Tensor> sums = [.. parameters.Select(parameter => zeros_like(parameter.detach()))];
        for (var image = 0L; image < count; image++)
        {
            using var scope = NewDisposeScope();
            var logarithms = scores(images.narrow(0, image, 1)).log_softmax(1);
            var probabilities = logarithms.detach().exp();
            for (var label = 0L; label < logarithms.shape[1]; label++)
            {
                using var inner = NewDisposeScope();
                var gradients = autograd.grad([logarithms.narrow(1, label, 1).sum()], [.. parameters.Select(parameter => (Tensor)parameter)], retain_graph: true, allow_unused: true);
                using var mode = no_grad();
                foreach (var (sum, gradient) in sums.Zip(gradients))
                    if (gradient is not null && !gradient.IsInvalid) sum.add_(gradient.square() * probabilities.narrow(1, label, 1).squeeze(0) / count);
            }
        }
        return sums;
    }
}
