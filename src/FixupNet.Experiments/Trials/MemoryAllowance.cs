using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Training;

namespace FixupNet.Experiments.Trials;

/// <summary>The memory that a configuration lets its process take.</summary>
/// <param name="config">The configuration.</param>
/// <param name="now">What there is.</param>
internal sealed class MemoryAllowance(TrainConfig config, MemoryNow now)
{
    // Garbage, and code that is compiled, OpenMP's stacks, batches: measured as the rest at depths 8 … 998.
    private const long RuntimeBytes = GarbageLimit.MostBytes + (40L << 20);

    private readonly MemoryBudget _budget = MemoryBudget.Parse(config.Training.MemoryBudget ?? MemoryBudget.Default);

    /// <summary>What the process holds before any step, as far as it is not counted elsewhere.</summary>
    internal long BaseBytes => now.ResidentBytes + RuntimeBytes;

    private long AllowedBytes => _budget.Bytes ?? now.ResidentBytes + (long)(_budget.Share!.Value * now.FreeBytes);

    /// <summary>Whether so many bytes may be held.</summary>
    internal bool Fits(long? bytes) => bytes <= AllowedBytes;

    /// <summary>The allowance in words.</summary>
    public override string ToString() =>
        $"{InWords(AllowedBytes)} allowed" + (_budget.Share is { } share ? FormattableString.Invariant($" ({share:P0} of what is free)") : "");

    /// <summary>The error when not even the most modest plan fits.</summary>
    /// <param name="bytes">What that plan takes.</param>
    /// <param name="how">What it does.</param>
    internal ConfigException TooSmall(long? bytes, string how) => new([new ConfigError(
        config.Name, null, "training.memoryBudget",
        $"is {(config.Training.MemoryBudget is { } text ? $"\"{text}\"" : $"null, that is \"{MemoryBudget.Default}\"")}, {this}; "
        + $"this network needs at least {InWords(bytes)}, with {how}.")]);

    /// <summary>Bytes for people.</summary>
    internal static string InWords(long? bytes) =>
        bytes < 1_000_000_000 ? FormattableString.Invariant($"{bytes / 1e6:F0} MB") : FormattableString.Invariant($"{bytes / 1e9:F2} GB");
}
