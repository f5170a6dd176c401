using FixupNet.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Augmentation;

/// <summary>Trains on convex combinations of pairs of examples: λ·x_a + (1−λ)·x_b, with the loss mixed alike.</summary>
/// <remarks>arXiv:1710.09412; as in the published Fixup code one λ ~ Beta(α, α) a batch, and partners by a random permutation of the batch.</remarks>
public sealed class Mixup
{
    private readonly double _alpha;

    /// <summary>Creates the augmentation.</summary>
    /// <param name="alpha">α, finite and 0 or more; 0 mixes nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">α is negative or not finite.</exception>
    public Mixup(double alpha)
    {
        if (!double.IsFinite(alpha) || alpha < 0) throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "α must be finite and 0 or more.");
        _alpha = alpha;
    }

    /// <summary>Draws how to mix one batch.</summary>
    /// <param name="batchCount">N, examples in the batch, at least 1.</param>
    /// <param name="seed">The batch's seed, from <see cref="SeedPlan.Mixup"/>.</param>
    public MixupDraw Draw(int batchCount, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchCount, 1);
        if (_alpha == 0) return new MixupDraw(1.0, [.. Enumerable.Range(0, batchCount)]);
        var random = new CounterRandom(seed);
        var lambda = random.NextSymmetricBeta(_alpha);
        return new MixupDraw(lambda, Permutation.Of(batchCount, random.NextBits()));
    }

    /// <summary>Mixes images.</summary>
    /// <param name="images">Images [N,C,H,W] of a floating dtype.</param>
    /// <param name="draw">How to mix.</param>
    /// <returns>Fresh tensor [N,C,H,W].</returns>
    public static Tensor Mix(Tensor images, MixupDraw draw)
    {
        using var partners = Partners(images, draw);
        return Mix(images, partners, draw.Lambda);
    }

    /// <summary>Mixes images with partners found before.</summary>
    /// <param name="images">Images [N,C,H,W] of a floating dtype.</param>
    /// <param name="partners">The image that each of them is mixed with [N,C,H,W].</param>
    /// <param name="lambda">λ, the share of the images themselves, in [0, 1].</param>
    /// <returns>Fresh tensor [N,C,H,W].</returns>
    /// <exception cref="ShapeMismatchException">The shapes differ.</exception>
    public static Tensor Mix(Tensor images, Tensor partners, double lambda)
    {
        ShapeGuard.Same(images, partners, nameof(partners));
        using var scope = NewDisposeScope();
        return (images * lambda + partners * (1.0 - lambda)).MoveToOuterDisposeScope();
    }

    /// <summary>The labels of the partners.</summary>
    /// <param name="labels">Class indices [N], int64.</param>
    /// <param name="draw">How the batch was mixed.</param>
    /// <returns>Fresh tensor [N], int64.</returns>
    public static Tensor Partners(Tensor labels, MixupDraw draw)
    {
        if (labels.shape[0] != draw.Partners.Count) throw new ShapeMismatchException("batch", labels.shape, $"[{draw.Partners.Count},…] as drawn");
        using var order = tensor([.. draw.Partners.Select(partner => (long)partner)], device: labels.device);
        return labels.index_select(0, order);
    }

    /// <summary>Cross-entropy of mixed images: λ·CE(logits, a) + (1−λ)·CE(logits, b), mean over the batch.</summary>
    /// <param name="logits">Logits [N,K].</param>
    /// <param name="labels">The examples' own class indices a [N], int64.</param>
    /// <param name="partnerLabels">Those of their partners b [N], int64.</param>
    /// <param name="lambda">λ, the share of the examples themselves, in [0, 1].</param>
    /// <param name="smoothing">The share of each label that is spread over all classes, in [0, 1).</param>
    /// <returns>Loss [].</returns>
    public static Tensor Loss(Tensor logits, Tensor labels, Tensor partnerLabels, double lambda, double smoothing = 0)
    {
        using var scope = NewDisposeScope();
        var own = LabelSmoothing.CrossEntropy(logits, labels, smoothing);
        var partners = LabelSmoothing.CrossEntropy(logits, partnerLabels, smoothing);
        return (own * lambda + partners * (1.0 - lambda)).MoveToOuterDisposeScope();
    }
}
