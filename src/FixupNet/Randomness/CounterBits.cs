using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Randomness;

/// <summary>The numbers of <see cref="CounterRandom"/>, bit for bit, computed with tensors: where a device draws for itself.</summary>
internal static class CounterBits
{
    /// <summary>Bits of a number: of a double in [0, 1).</summary>
    internal const int Count = 53;

    /// <summary>The first numbers of several streams: 2⁵³ times what NextDouble gives.</summary>
    /// <param name="seeds">Seeds [N], int64.</param>
    /// <param name="length">Numbers of each stream, at least 1.</param>
    /// <returns>Fresh tensor [N,length], int64, in [0, 2⁵³).</returns>
    internal static Tensor Of(Tensor seeds, long length)
    {
        using var scope = NewDisposeScope();
        // Products and sums of int64 are taken modulo 2⁶⁴, as those of ulong are.
        var counters = arange(1, length + 1, ScalarType.Int64, seeds.device).mul_(unchecked((long)CounterRandom.Increment)).unsqueeze(0);
        var bits = seeds.unsqueeze(1) + counters;
        bits = Multiplied(Mixed(bits, 30), CounterRandom.FirstFactor);
        bits = Multiplied(Mixed(bits, 27), CounterRandom.SecondFactor);
        return Shifted(Mixed(bits, 31), 64 - Count).MoveToOuterDisposeScope();
    }

    private static Tensor Multiplied(Tensor bits, ulong factor)
    {
        using (bits) return bits * unchecked((long)factor);
    }

    private static Tensor Mixed(Tensor bits, int shift)
    {
        using var shifted = Shifted(bits, shift);
        using (bits) return bits.bitwise_xor(shifted);
    }

    // A shift of int64 repeats the sign, which is no bit of the number.
    private static Tensor Shifted(Tensor bits, int shift)
    {
        using var count = full([], shift, ScalarType.Int64, bits.device);
        using var mask = full([], (1L << (64 - shift)) - 1, ScalarType.Int64, bits.device);
        using var shifted = bits.bitwise_right_shift(count);
        return shifted & mask;
    }
}
