using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace FixupNet.Augmentation;

/// <summary>Cross-entropy over the words of sentences, pads left out.</summary>
public static class SequenceLoss
{
    /// <summary>The mean over real words of (1−ε)·(−log p of the word) + ε·mean over the other symbols of −log p.</summary>
    /// <param name="logits">Logits [N,T,V].</param>
    /// <param name="targets">Words [N,T'], int64, T' at least T: beyond T there are pads alone.</param>
    /// <param name="smoothing">ε, in [0, 1); 0 for plain cross-entropy.</param>
    /// <returns>Loss [].</returns>
    /// <remarks>fairseq's form of arXiv:1512.00567: the share goes to the V − 1 other symbols, not to all V as in PyTorch.</remarks>
    public static Tensor Mean(Tensor logits, Tensor targets, double smoothing)
    {
        var symbols = (double)logits.shape[2];
        return Of(logits, targets, smoothing * symbols / (symbols - 1), nn.Reduction.Mean);
    }

    /// <summary>Σ −log p of the real words, without smoothing.</summary>
    /// <param name="logits">Logits [N,T,V].</param>
    /// <param name="targets">Words [N,T'], int64.</param>
    /// <returns>Sum [].</returns>
    public static Tensor Sum(Tensor logits, Tensor targets) => Of(logits, targets, 0, nn.Reduction.Sum);

    private static Tensor Of(Tensor logits, Tensor targets, double smoothing, nn.Reduction reduction)
    {
        using var scope = NewDisposeScope();
        var words = targets.narrow(1, 0, logits.shape[1]).reshape(-1);
        return F.cross_entropy(
            logits.reshape(-1, logits.shape[2]), words, ignore_index: Symbols.Pad, reduction: reduction, label_smoothing: smoothing).MoveToOuterDisposeScope();
    }
}
