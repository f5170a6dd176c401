using FixupNet.Randomness;
using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Execution;

/// <summary>What random steps multiply by, drawn on the CPU: the same numbers on every device and by every tensor provider.</summary>
internal static class DropMask
{
    /// <summary>0 where a part is dropped, 1/(1 − rate) elsewhere.</summary>
    /// <param name="step">The step.</param>
    /// <param name="seed">The batch's seed.</param>
    /// <param name="input">What it is for [N,…].</param>
    /// <returns>Fresh tensor, of the input's shape or [N,1,…], in its type and on its device.</returns>
    internal static Tensor Of(DropStep step, ulong seed, Tensor input)
    {
        var shape = step.Of == DroppedPart.Elements ? input.shape : [input.shape[0], .. Enumerable.Repeat(1L, input.shape.Length - 1)];
        var perImage = shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        var values = new float[shape[0] * perImage];
        var (seeds, kept) = (new SeedPlan((long)seed), (float)(1 / (1 - step.Rate)));
        Parallel.For(0, (int)shape[0], image =>
        {
            var random = new CounterRandom(seeds.Stream(step.Name, 0, step.Draws.FirstImage + image));
            foreach (ref var value in values.AsSpan((int)(image * perImage), (int)perImage)) value = random.NextDouble() < step.Rate ? 0 : kept;
        });
        using var scope = NewDisposeScope();
        return tensor(values, shape).to(input.dtype, input.device).MoveToOuterDisposeScope();
    }
}
