using System.Runtime.ExceptionServices;
using TorchSharp;

namespace FixupNet.Execution;

/// <summary>Passes over all parameters on the CPU, with as many threads as libtorch may have where there are so many elements that threads pay.</summary>
internal static class ManyElements
{
    // Some milliseconds of one core; a thread costs microseconds.
    internal const long Enough = 1L << 20;

    /// <summary>Does count things, each once, in any order.</summary>
    /// <param name="elements">Elements of all of them together.</param>
    /// <param name="count">How many things.</param>
    /// <param name="body">Does one of them; what it throws is thrown here.</param>
    internal static void ForEach(long elements, int count, Action<int> body)
    {
        if (elements < Enough || count < 2 || torch.get_num_threads() is 1)
        {
            for (var i = 0; i < count; i++) body(i);
            return;
        }
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = torch.get_num_threads() }, body);
        }
        catch (AggregateException failures)
        {
            // As with one thread: callers are promised the exception itself.
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }
}
