using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FixupNet.Augmentation;

/// <summary>Cross-entropy against labels of which a share is spread evenly over all classes.</summary>
/// <remarks>arXiv:1512.00567, Sec. 7, in PyTorch's form: ε/K for each of all K classes.</remarks>
public static class LabelSmoothing
{
    /// <summary>(1−ε)·CE(logits, labels) + ε·mean over classes of −log p, mean over the batch.</summary>
    /// <param name="logits">Logits [N,K].</param>
    /// <param name="labels">Class indices [N], int64.</param>
    /// <param name="smoothing">ε, in [0, 1); 0 for plain cross-entropy.</param>
    /// <returns>Loss [].</returns>
    public static Tensor CrossEntropy(Tensor logits, Tensor labels, double smoothing)
    {
        if (smoothing == 0) return functional.cross_entropy(logits, labels);
        using var scope = NewDisposeScope();
        var spread = logits.log_softmax(1).mean();
        return (functional.cross_entropy(logits, labels) * (1 - smoothing) - spread * smoothing).MoveToOuterDisposeScope();
    }
}
