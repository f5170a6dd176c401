using FixupNet.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Analysis;

/// <summary>In which norm an attack may move an image.</summary>
public enum AttackNorm
{
    /// <summary>No element by more than ε; steps along the gradient's sign.</summary>
    LInfinity,

    /// <summary>The image as a whole by at most ε; steps along the gradient of norm 1.</summary>
    L2,
}

/// <summary>How images are attacked. Lengths are in pixels, of which 1 is white and 0 black.</summary>
/// <param name="Norm">What is bounded.</param>
/// <param name="Epsilon">The bound, 0 or more.</param>
/// <param name="StepSize">Length of a step, 0 or more.</param>
/// <param name="Steps">Steps, at least 1.</param>
/// <param name="RandomStart">Whether the first step begins at a random image within the bound, and not at the image itself.</param>
public sealed record AttackOptions(
    AttackNorm Norm = AttackNorm.LInfinity, double Epsilon = 8 / 255.0, double StepSize = 2 / 255.0, int Steps = 10, bool RandomStart = true)
{
    /// <summary>The fast gradient sign method (arXiv:1412.6572): one step as long as the bound.</summary>
    /// <param name="epsilon">The bound.</param>
    public static AttackOptions Fgsm(double epsilon) => new(AttackNorm.LInfinity, epsilon, epsilon, 1, RandomStart: false);
}

/// <summary>Projected gradient ascent on the cross-entropy (arXiv:1706.06083): images that a network gets wrong, beside given ones.</summary>
/// <remarks>
/// The loss is summed over images, so each is attacked as if it were alone, as long as the network keeps images apart: batch normalization must
/// be in evaluation mode. Gradients are of pixels; whatever normalization the network expects belongs into <paramref name="logits"/>.
/// </remarks>
/// <param name="logits">Class scores [N,K] of pixels [N,C,H,W] in [0, 1], differentiable.</param>
/// <param name="options">How.</param>
public sealed class AdversarialAttack(Func<Tensor, Tensor> logits, AttackOptions options)
{
    // What a norm of 0 is divided as; float32 has it too.
    private const double LeastNorm = 1e-30;

    /// <summary>Attacks images.</summary>
    /// <param name="pixels">Images [N,C,H,W] in [0, 1]; not changed.</param>
    /// <param name="labels">Their classes [N], int64.</param>
    /// <param name="seeds">One seed an image, for a random start: the same seed gives the same start, in whatever batch; may be null without one.</param>
    /// <param name="afterStep">Sees the images after every step; they are not its own.</param>
    /// <returns>Images within the bound and within [0, 1].</returns>
    public Tensor Run(Tensor pixels, Tensor labels, IReadOnlyList<ulong>? seeds = null, Action<Tensor>? afterStep = null)
    {
        using var scope = NewDisposeScope();
        var moved = options.RandomStart ? Start(pixels, seeds ?? throw new ArgumentNullException(nameof(seeds), "A random start needs a seed for every image.")) : pixels.clone();
        for (var step = 0; step < options.Steps; step++)
        {
            using var inner = NewDisposeScope();
            var gradient = PixelGradient(logits, moved, labels);
            using var noGradients = no_grad();
            var direction = options.Norm == AttackNorm.LInfinity ? gradient.sign() : gradient / Norms(gradient).clamp_(min: LeastNorm);
            var next = Bounded(pixels, moved + direction * options.StepSize).MoveToOuterDisposeScope();
            moved.Dispose();
            moved = next;
            afterStep?.Invoke(moved);
        }
        return moved.MoveToOuterDisposeScope();
    }

    /// <summary>The gradient of the summed cross-entropy by the pixels.</summary>
    /// <param name="logits">Class scores of pixels.</param>
    /// <param name="pixels">Images [N,C,H,W].</param>
    /// <param name="labels">Their classes [N].</param>
    public static Tensor PixelGradient(Func<Tensor, Tensor> logits, Tensor pixels, Tensor labels) =>
        InputGradient.Of(pixels, images => nn.functional.cross_entropy(logits(images), labels, reduction: nn.Reduction.Sum));

    private Tensor Start(Tensor pixels, IReadOnlyList<ulong> seeds)
    {
        if (seeds.Count != pixels.shape[0]) throw new ArgumentException($"There are {seeds.Count} seeds for {pixels.shape[0]} images.", nameof(seeds));
        var perImage = (int)(pixels.numel() / pixels.shape[0]);
        var draws = new double[pixels.numel()];
        for (var image = 0; image < seeds.Count; image++)
        {
            var random = new CounterRandom(seeds[image]);
            for (var i = 0; i < perImage; i++) draws[image * perImage + i] = options.Epsilon * (2 * random.NextDouble() - 1);
        }
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var offset = tensor(draws).view(pixels.shape).to(pixels.dtype).to(pixels.device);
        return Bounded(pixels, pixels + offset).MoveToOuterDisposeScope();
    }

    private Tensor Bounded(Tensor pixels, Tensor moved)
    {
        var change = moved - pixels;
        if (options.Norm == AttackNorm.LInfinity) change.clamp_(-options.Epsilon, options.Epsilon);
        else change.mul_((options.Epsilon / Norms(change).clamp_(min: LeastNorm)).clamp_(max: 1));
        return change.add_(pixels).clamp_(0, 1);
    }

    private static Tensor Norms(Tensor images) => images.square().sum([1, 2, 3], keepdim: true).sqrt();
}
