using FixupNet.Randomness;
using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Execution;

/// <summary>What random steps multiply by: the same numbers on every device and by every tensor provider, drawn on the CPU or in a captured step.</summary>
public static class DropMask
{
    /// <summary>The random steps of a network that draw something, each once.</summary>
    /// <param name="topology">The network's description.</param>
    public static IReadOnlyList<DropStep> StepsOf(ResidualTopology topology) =>
        [.. topology.Branches.SelectMany(branch => branch.Steps).Concat(topology.HeadSteps).OfType<DropStep>().Where(step => step.Rate > 0)];

    /// <summary>The seed of an image.</summary>
    /// <param name="step">The random step.</param>
    /// <param name="batchSeed">The batch's seed.</param>
    /// <param name="image">The image's position in the batch.</param>
    public static ulong SeedOf(DropStep step, ulong batchSeed, long image) => new SeedPlan(unchecked((long)batchSeed)).Stream(step.Name, 0, image);

    /// <summary>0 where a part is dropped, 1/(1 − rate) elsewhere.</summary>
    /// <param name="step">The step.</param>
    /// <param name="input">What it is for [N,…].</param>
    /// <returns>Fresh tensor, of the input's shape or [N,1,…], in its type and on its device; null while nothing is drawn.</returns>
    internal static Tensor? Of(DropStep step, Tensor input)
    {
        if (step.Rate <= 0) return null;
        var shape = step.Of == DroppedPart.Elements ? input.shape : [input.shape[0], .. Enumerable.Repeat(1L, input.shape.Length - 1)];
        if (step.Draws.SeedsOnDevice is { } seeds) return OnDevice(step.Rate, seeds[step.Name], shape, input.dtype);
        return step.Draws.Seed is { } seed ? OnHost(step, seed, shape, input) : null;
    }

    private static Tensor OnHost(DropStep step, ulong seed, long[] shape, Tensor input)
    {
        var perImage = shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        var (values, kept) = (new float[shape[0] * perImage], Kept(step.Rate));
        Parallel.For(0, (int)shape[0], image =>
        {
            var random = new CounterRandom(SeedOf(step, seed, step.Draws.FirstImage + image));
            foreach (ref var value in values.AsSpan((int)(image * perImage), (int)perImage)) value = random.NextDouble() < step.Rate ? 0 : kept;
        });
        using var scope = NewDisposeScope();
        return tensor(values, shape).to(input.dtype, input.device).MoveToOuterDisposeScope();
    }

    // A number is below the rate where the 53 bits that it is made of are below 2⁵³ times the rate.
    private static Tensor OnDevice(double rate, Tensor seeds, long[] shape, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var perImage = shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        var isKept = CounterBits.Of(seeds, perImage).ge((long)Math.Ceiling(rate * (1L << CounterBits.Count)));
        return isKept.to(ScalarType.Float32).mul_(Kept(rate)).to(type).view(shape).MoveToOuterDisposeScope();
    }

    private static float Kept(double rate) => (float)(1 / (1 - rate));
}
