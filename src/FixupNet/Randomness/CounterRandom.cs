namespace FixupNet.Randomness;

/// <summary>A small random generator whose whole state is one 64-bit counter: the same seed gives the same numbers everywhere.</summary>
/// <param name="seed">Any value; nearby seeds give unrelated streams.</param>
/// <remarks>
/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014). Integers and uniform numbers are exact on
/// every platform; the other distributions use the platform's logarithm and may differ there in the last bit. Keep it in a local
/// variable: it is a value type, and a copy repeats the same numbers.
/// </remarks>
public struct CounterRandom(ulong seed)
{
    // 2^64 divided by the golden ratio: the increment of SplitMix64.
    internal const ulong Increment = 0x9E3779B97F4A7C15;

    // Those of its finalizer.
    internal const ulong FirstFactor = 0xBF58476D1CE4E5B9;
    internal const ulong SecondFactor = 0x94D049BB133111EB;

    private ulong _counter = seed;

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits() => Mix(_counter += Increment);

    /// <summary>A number uniform in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>An integer uniform in [0, bound), without bias.</summary>
    /// <param name="bound">The exclusive upper limit, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bound is below 1.</exception>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        // Numbers beyond the last whole multiple of the bound would favour small results: draw again.
        var limit = ulong.MaxValue - ulong.MaxValue % (ulong)bound;
        ulong bits;
        do bits = NextBits();
        while (bits >= limit);
        return (int)(bits % (ulong)bound);
    }

    /// <summary>A number from the normal distribution with mean 0 and variance 1 (Box and Muller).</summary>
    public double NextGaussian()
    {
        var radius = Math.Sqrt(-2.0 * Math.Log(1.0 - NextDouble()));
        return radius * Math.Cos(2.0 * Math.PI * NextDouble());
    }

    /// <summary>A number from the Beta(α, α) distribution, in [0, 1].</summary>
    /// <param name="alpha">α, finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">α is not finite or not above 0.</exception>
    public double NextSymmetricBeta(double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(alpha);
        if (!double.IsFinite(alpha)) throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "α must be finite.");
        // X/(X+Y) of two Gamma(α) numbers, by their logarithms: for small α the numbers themselves underflow to 0/0.
        var logX = NextLogGamma(alpha);
        var logY = NextLogGamma(alpha);
        return 1.0 / (1.0 + Math.Exp(logY - logX));
    }

    // log of a Gamma(shape) number: Marsaglia and Tsang (2000) for shape + 1, brought down by U^(1/shape).
    private double NextLogGamma(double shape)
    {
        var d = shape + 1.0 - 1.0 / 3.0;
        var c = 1.0 / Math.Sqrt(9.0 * d);
        while (true)
        {
            var x = NextGaussian();
            var v = Math.Pow(1.0 + c * x, 3);
            if (v <= 0.0) continue;
            if (Math.Log(1.0 - NextDouble()) < 0.5 * x * x + d - d * v + d * Math.Log(v))
                return Math.Log(d * v) + Math.Log(1.0 - NextDouble()) / shape;
        }
    }

    /// <summary>SplitMix64's finalizer: a bijection of 64 bits in which every input bit changes every output bit with probability ½.</summary>
    internal static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * FirstFactor;
        bits = (bits ^ (bits >> 27)) * SecondFactor;
        return bits ^ (bits >> 31);
    }
}
