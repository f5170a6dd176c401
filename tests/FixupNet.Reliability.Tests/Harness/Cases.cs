using System.Collections.Concurrent;

namespace FixupNet.Reliability.Tests.Harness;

/// <summary>Many cases of one test.</summary>
internal static class Cases
{
    /// <summary>Tries cases side by side, and tells of all that went wrong.</summary>
    /// <param name="cases">The cases.</param>
    /// <param name="problem">Tries one; null where all went well.</param>
    internal static void Check<T>(IReadOnlyCollection<T> cases, Func<T, string?> problem) where T : notnull
    {
        var problems = new ConcurrentQueue<string>();
        Parallel.ForEach(cases, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, one =>
        {
            if (problem(one) is { } text) problems.Enqueue($"{one}: {text}");
        });
        if (!problems.IsEmpty) Assert.Fail($"{problems.Count} of {cases.Count} went wrong:\n{string.Join("\n", problems)}");
    }

    /// <summary>So many of a list, spread evenly over it.</summary>
    /// <param name="all">The list.</param>
    /// <param name="count">How many; more than there are means all.</param>
    internal static IReadOnlyList<T> Spread<T>(IReadOnlyList<T> all, int count) =>
        count >= all.Count ? all : [.. Enumerable.Range(0, count).Select(i => all[(int)((i + 0.5) * all.Count / count)])];
}
