using System.Diagnostics;
using FixupNet.Engine.DepthFirst;
using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine;

/// <summary>What a machine can do at most: multiply-adds in registers, and bytes to and from memory; measured, on all threads at once.</summary>
/// <param name="MultiplyAddsPerSecond">float32 multiply-adds a second, of all threads together.</param>
/// <param name="BytesPerSecond">Bytes a second read and written, of all threads together.</param>
public sealed record MachineLimits(double MultiplyAddsPerSecond, double BytesPerSecond)
{
    private const int Rounds = 5;
    private const int Repetitions = 200_000;

    // Far beyond every cache.
    private const long CopiedFloats = 16L << 20;

    /// <summary>Measures this machine, in about a tenth of a second: the best of five rounds.</summary>
    /// <param name="threads">Threads, at least 1.</param>
    public static MachineLimits Measure(int threads)
    {
        using var team = new Team(threads);
        var memory = new ZeroedMemory[threads];
        team.Run(index => memory[index] = new ZeroedMemory(2 * CopiedFloats * sizeof(float)));
        var bytes = Best(team, index => Copy(memory[index]));
        foreach (var part in memory) part.Dispose();
        return new MachineLimits(MeasureMultiplyAdds(threads), bytes);
    }

    /// <summary>Measures the multiply-adds a second alone, without touching memory.</summary>
    /// <param name="threads">Threads, at least 1.</param>
    public static double MeasureMultiplyAdds(int threads)
    {
        using var team = new Team(threads);
        return Best(team, _ => VectorWidths.Widest.MultiplyAdds(Repetitions));
    }

    /// <summary>The highest sum of the threads' amounts a second.</summary>
    private static double Best(Team team, Func<int, double> work)
    {
        var amounts = new double[team.Size];
        var best = 0.0;
        for (var round = 0; round <= Rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            team.Run(index => amounts[index] = work(index));
            var speed = amounts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
            // The first round compiles and touches the memory.
            if (round > 0) best = Math.Max(best, speed);
        }
        return best;
    }

    private static unsafe double Copy(ZeroedMemory memory)
    {
        var from = (float*)memory.Start;
        new Span<float>(from, (int)CopiedFloats).CopyTo(new Span<float>(from + CopiedFloats, (int)CopiedFloats));
        return 2.0 * CopiedFloats * sizeof(float);
    }
}
