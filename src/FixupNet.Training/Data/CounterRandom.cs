namespace FixupNet.Training.Data;

/// <summary>Random numbers that are a pure function of a key and a counter: SplitMix64 (Steele, Lea and Flood 2014).</summary>
/// <remarks>
/// Integer arithmetic and one exact conversion only, so the numbers are the same on every platform, and every image can be drawn
/// by itself in any order. Both steps of the key are bijections of 64 bits: under one seed two different streams never share a key.
/// </remarks>
internal struct CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15; // 2^64 / golden ratio, the increment of SplitMix64
    private ulong _state;

    /// <summary>Starts a stream.</summary>
    /// <param name="seed">The seed of the dataset.</param>
    /// <param name="stream">Which stream under that seed.</param>
    public CounterRandom(long seed, ulong stream) => _state = Mix(Mix((ulong)seed + Golden) + stream);

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits()
    {
        _state += Golden;
        return Mix(_state);
    }

    /// <summary>The next number, uniform in [0, 1).</summary>
    public float NextUnit() => (NextBits() >> 40) * (1f / (1 << 24)); // 24 bits fill a float's mantissa exactly

    /// <summary>The next number, uniform in [low, high).</summary>
    public float Next(float low, float high) => low + (high - low) * NextUnit();

    /// <summary>The next whole number in [0, count); the bias of the modulus is below 2^-59 for the small counts used here.</summary>
    public int NextBelow(int count) => (int)(NextBits() % (ulong)count);

    /// <summary>The next fair coin.</summary>
    public bool NextCoin() => NextBits() >> 63 == 1;

    private static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
