using System.Text;

namespace FixupNet.Randomness;

/// <summary>Turns one seed into independent random streams, each addressed by what it is for and where in the run it is used.</summary>
/// <param name="seed">The run's seed; any value.</param>
/// <remarks>
/// A stream depends on its address only, never on what was drawn before, so a resumed run draws what the uninterrupted run would have.
/// The 64-bit seed of a stream is mix(mix(mix(mix(seed) ⊕ hash(name)) + epoch) + position), mix being SplitMix64's finalizer after adding
/// its increment, and hash being FNV-1a of the name's UTF-8 bytes. These numbers are part of every recorded run: they never change.
/// </remarks>
public sealed class SeedPlan(long seed)
{
    private readonly Dictionary<string, long> _others = [];

    /// <summary>The run's seed.</summary>
    public long Seed => seed;

    /// <summary>The same streams, but for one that comes from another seed: so that one source of chance alone varies.</summary>
    /// <param name="name">What the stream is for.</param>
    /// <param name="other">The seed that it comes from.</param>
    public SeedPlan With(string name, long other)
    {
        var plan = new SeedPlan(seed);
        foreach (var (known, value) in _others) plan._others[known] = value;
        plan._others[name] = other;
        return plan;
    }

    /// <summary>Seed of the weights' generator.</summary>
    public ulong Initialization() => Stream("initialization");

    /// <summary>Seed of the training examples that an initialization looks at.</summary>
    public ulong InitializationData() => Stream("initialization-data");

    /// <summary>Seed of the order of the training examples.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    public ulong DataOrder(long epoch) => Stream("data-order", epoch);

    /// <summary>Seed of the augmentation of one training example.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="position">The example's position in the epoch's order, from 0.</param>
    public ulong Augmentation(long epoch, long position) => Stream("augmentation", epoch, position);

    /// <summary>Seed of the mixup of one batch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="position">The batch's position in the epoch, from 0.</param>
    public ulong Mixup(long epoch, long position) => Stream("mixup", epoch, position);

    /// <summary>Seed of the square cut out of one training example.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="position">The example's position in the epoch's order, from 0.</param>
    public ulong Cutout(long epoch, long position) => Stream("cutout", epoch, position);

    /// <summary>Seed of the rectangle erased of one training example.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="position">The example's position in the epoch's order, from 0.</param>
    public ulong RandomErasing(long epoch, long position) => Stream("random-erasing", epoch, position);

    /// <summary>Seed of what dropout and stochastic depth draw for one batch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="position">The batch's position in the epoch, from 0.</param>
    public ulong Dropout(long epoch, long position) => Stream("dropout", epoch, position);

    /// <summary>Seed of any stream.</summary>
    /// <param name="name">What the stream is for; not empty.</param>
    /// <param name="epoch">The epoch, or 0.</param>
    /// <param name="position">The position in the epoch, or 0.</param>
    /// <returns>A seed for <see cref="CounterRandom"/>, <see cref="Permutation"/> or a Generator.</returns>
    public ulong Stream(string name, long epoch = 0, long position = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var named = Mix(Mix((ulong)_others.GetValueOrDefault(name, seed)) ^ Hash(name));
        return Mix(Mix(named + (ulong)epoch) + (ulong)position);
    }

    private static ulong Mix(ulong bits) => new CounterRandom(bits).NextBits();

    // FNV-1a, 64 bits (Fowler, Noll, Vo); string.GetHashCode differs from process to process.
    private static ulong Hash(string name)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var octet in Encoding.UTF8.GetBytes(name)) hash = (hash ^ octet) * 0x100000001B3;
        return hash;
    }
}
