namespace FixupNet.Randomness;

/// <summary>Random orders.</summary>
public static class Permutation
{
    /// <summary>A random order of 0 … count−1, every order equally likely (Fisher and Yates).</summary>
    /// <param name="count">How many numbers, at least 0.</param>
    /// <param name="seed">The seed; the same count and seed give the same order everywhere.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static int[] Of(int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var order = new int[count];
        for (var i = 0; i < count; i++) order[i] = i;
        var random = new CounterRandom(seed);
        for (var i = count - 1; i > 0; i--)
        {
            var j = random.NextInt(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }
}
