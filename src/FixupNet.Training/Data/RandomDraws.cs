using FixupNet.Randomness;

namespace FixupNet.Training.Data;

/// <summary>Draws as the drawn images need them: single precision, exact on every platform.</summary>
internal static class RandomDraws
{
    /// <summary>The next number, uniform in [0, 1).</summary>
    public static float NextUnit(this ref CounterRandom random) => (random.NextBits() >> 40) * (1f / (1 << 24)); // 24 bits fill a mantissa

    /// <summary>The next number, uniform in [low, high).</summary>
    public static float Next(this ref CounterRandom random, float low, float high) => low + (high - low) * random.NextUnit();

    /// <summary>The next fair coin.</summary>
    public static bool NextCoin(this ref CounterRandom random) => random.NextBits() >> 63 == 1;
}
