using System.Diagnostics;

namespace FixupNet.Reliability.Tests.Harness;

/// <summary>Processes that must end, whatever is done to them.</summary>
internal static class Child
{
    // The longest of them take seconds; what takes this long hangs.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    /// <summary>Exit code of a process that a signal ended.</summary>
    internal const int Killed = 128 + 9;

    /// <summary>What every process is given: one thread an operation, and no doors for debuggers.</summary>
    internal static IReadOnlyDictionary<string, string> Surroundings { get; } = new Dictionary<string, string>
    {
        ["OMP_NUM_THREADS"] = "1",
        ["DOTNET_EnableDiagnostics"] = "0",
    };

    /// <summary>Runs a command to its end.</summary>
    /// <param name="command">The command and its arguments.</param>
    /// <param name="environment">Further variables; null for none.</param>
    internal static ProgramRun Run(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Start(command, environment);
        return EndOf(process);
    }

    /// <summary>Starts a command.</summary>
    /// <param name="command">The command and its arguments.</param>
    /// <param name="environment">Further variables; null for none.</param>
    /// <returns>The process; hand it to <see cref="EndOf"/>.</returns>
    internal static Process Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var all = Surroundings.Concat(environment ?? new Dictionary<string, string>()).ToDictionary(pair => pair.Key, pair => pair.Value);
        return ProgramRun.Start(command[0], command.Skip(1), all);
    }

    /// <summary>Waits for a process to end.</summary>
    /// <exception cref="TimeoutException">It does not; it is killed.</exception>
    internal static ProgramRun EndOf(Process process)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(s_limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"It has not ended after {s_limit}: {error.GetAwaiter().GetResult()}");
        }
        return new ProgramRun(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}
