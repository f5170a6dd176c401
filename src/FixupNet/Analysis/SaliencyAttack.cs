using FixupNet.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Analysis;

/// <summary>What an attack on a map wants.</summary>
public enum SaliencyTarget
{
    /// <summary>Nothing: random steps, what the others are compared with.</summary>
    Random,

    /// <summary>To take the map from the places where it is greatest.</summary>
    TopK,

    /// <summary>To move the map's centre of mass.</summary>
    MassCentre,
}

/// <summary>How maps are attacked. Lengths are in pixels, of which 1 is white and 0 black.</summary>
/// <param name="Target">What it wants.</param>
/// <param name="Epsilon">The most that an element may change, 0 or more.</param>
/// <param name="StepSize">Length of a step, 0 or more.</param>
/// <param name="Steps">Steps, at least 1.</param>
/// <param name="K">How many places count as the greatest.</param>
public sealed record SaliencyAttackOptions(SaliencyTarget Target, double Epsilon = 8 / 255.0, double StepSize = 1 / 255.0, int Steps = 100, int K = 100);

/// <summary>What became of one image's map.</summary>
/// <param name="Best">The map beside the original one at the step where the attack had gone furthest, among those at which the network still said the same class; null where there was none.</param>
/// <param name="ByStep">The share of the k greatest places that were left after each step, whatever the network said.</param>
public sealed record SaliencyShift(MapComparison? Best, IReadOnlyList<double> ByStep);

/// <summary>Small changes of images that leave a network's answer as it is and move its saliency map (arXiv:1710.10547).</summary>
/// <remarks>
/// Directions come from the smooth network, results from the true one. The centre of mass has the gradient 0 where it begins, so that attack's first step is
/// random. The network must keep images apart: batch normalization in evaluation mode.
/// </remarks>
/// <param name="maps">The network.</param>
/// <param name="options">How.</param>
public sealed class SaliencyAttack(SaliencyMaps maps, SaliencyAttackOptions options)
{
    /// <summary>Attacks the maps of images, for the classes that the network says of them.</summary>
    /// <param name="pixels">Images [N,C,H,W] in [0, 1]; not changed.</param>
    /// <param name="seeds">One seed an image: the same seed draws the same, in whatever batch.</param>
    /// <param name="afterStep">Sees the images after every step; they are not its own.</param>
    /// <returns>The images of <see cref="SaliencyShift.Best"/>, the original one where there is none; and what became of each map.</returns>
    public (Tensor Images, IReadOnlyList<SaliencyShift> Shifts) Run(Tensor pixels, IReadOnlyList<ulong> seeds, Action<Tensor>? afterStep = null)
    {
        if (seeds.Count != pixels.shape[0]) throw new ArgumentException($"There are {seeds.Count} seeds for {pixels.shape[0]} images.", nameof(seeds));
        using var scope = NewDisposeScope();
        var classes = maps.Classes(pixels);
        var (original, width) = (Rows(maps.Of(pixels, classes)), (int)pixels.shape[^1]);
        var objective = Objective(original, pixels);
        CounterRandom[] random = [.. seeds.Select(seed => new CounterRandom(seed))];
        var best = new MapComparison?[seeds.Count];
        var byStep = seeds.Select(_ => new List<double>()).ToList();
        var (moved, furthest) = (pixels.clone(), pixels.clone());
        for (var step = 0; step < options.Steps; step++)
        {
            using var inner = NewDisposeScope();
            var isRandom = options.Target == SaliencyTarget.Random || (options.Target == SaliencyTarget.MassCentre && step == 0);
            var direction = isRandom ? Signs(random, pixels) : InputGradient.Of(moved, images => objective(maps.SmoothOf(images, classes))).sign();
            using var noGradients = no_grad();
            var next = Bounded(pixels, moved + direction * options.StepSize).MoveToOuterDisposeScope();
            moved.Dispose();
            moved = next;
            afterStep?.Invoke(moved);
            Compare();
        }
        return (furthest.MoveToOuterDisposeScope(), [.. best.Zip(byStep, (comparison, shares) => new SaliencyShift(comparison, shares))]);

        void Compare()
        {
            var rows = Rows(maps.Of(moved, classes));
            var isSame = maps.Classes(moved).eq(classes).to(ScalarType.Int64).to(CPU).data<long>().ToArray();
            for (var image = 0; image < rows.Count; image++)
            {
                var comparison = MapComparison.Of(original[image], rows[image], width, options.K);
                byStep[image].Add(comparison.TopIntersection);
                if (isSame[image] == 0 || (best[image] is { } known && !IsFurther(comparison, known))) continue;
                best[image] = comparison;
                furthest.select(0, image).copy_(moved.select(0, image));
            }
        }
    }

    private bool IsFurther(MapComparison comparison, MapComparison than) => options.Target == SaliencyTarget.MassCentre
        ? comparison.CentreShift > than.CentreShift
        : comparison.TopIntersection < than.TopIntersection;

    // Of maps [N,H,W] whose values sum to their number of places, one number to ascend, a sum over images.
    private Func<Tensor, Tensor> Objective(List<double[]> original, Tensor pixels)
    {
        var (height, width) = (pixels.shape[^2], pixels.shape[^1]);
        if (options.Target == SaliencyTarget.TopK)
        {
            var masks = new double[original.Count * height * width];
            for (var image = 0; image < original.Count; image++)
                foreach (var place in MapComparison.Top(original[image], options.K)) masks[image * height * width + place] = -1;
            var places = tensor(masks).view(-1, height, width).to(pixels.dtype).to(pixels.device);
            return smooth => (Normalized(smooth) * places).sum();
        }
        var centres = original.SelectMany(map => MapComparison.Centre(map, (int)width) is var (row, column) ? new[] { row, column } : []).ToArray();
        var start = tensor(centres).view(-1, 2).to(pixels.dtype).to(pixels.device);
        var rows = arange(height).to(pixels.dtype).to(pixels.device).view(1, -1, 1);
        var columns = arange(width).to(pixels.dtype).to(pixels.device).view(1, 1, -1);
        return smooth =>
        {
            var map = Normalized(smooth) / (double)(height * width);
            var centre = stack([(map * rows).sum([1L, 2L]), (map * columns).sum([1L, 2L])], 1);
            return (centre - start).square().sum();
        };

        Tensor Normalized(Tensor map) => map * (double)(height * width) / map.sum([1L, 2L], keepdim: true);
    }

    private Tensor Bounded(Tensor pixels, Tensor moved) => (moved - pixels).clamp_(-options.Epsilon, options.Epsilon).add_(pixels).clamp_(0, 1);

    // + or − with equal chances, which is also the sign of a Gaussian.
    private static Tensor Signs(CounterRandom[] random, Tensor pixels)
    {
        var perImage = (int)(pixels.numel() / pixels.shape[0]);
        var signs = new double[pixels.numel()];
        for (var image = 0; image < random.Length; image++)
            for (var i = 0; i < perImage; i++) signs[image * perImage + i] = random[image].NextDouble() < 0.5 ? -1 : 1;
        return tensor(signs).view(pixels.shape).to(pixels.dtype).to(pixels.device);
    }

    private static List<double[]> Rows(Tensor images)
    {
        using var scope = NewDisposeScope();
        var values = images.detach().to(CPU).to(ScalarType.Float64).contiguous().data<double>().ToArray();
        return [.. values.Chunk(values.Length / (int)images.shape[0])];
    }
}
