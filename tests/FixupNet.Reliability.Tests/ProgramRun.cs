using System.Diagnostics;

namespace FixupNet.Reliability.Tests;

/// <summary>How a process of the program ended, or was ended.</summary>
/// <param name="ExitCode">Its exit code; 128 + the signal where one killed it.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record ProgramRun(int ExitCode, string Output, string Error)
{
    /// <summary>The command-line program as its users have it: what lies beside this assembly was not compiled ahead of time.</summary>
    internal static string Program { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "FixupNet.Cli", new DirectoryInfo(AppContext.BaseDirectory).Name, OperatingSystem.IsWindows() ? "fixupnet-cli.exe" : "fixupnet-cli"));

    /// <summary>Runs the program to its end.</summary>
    /// <param name="arguments">Its command line.</param>
    internal static ProgramRun Of(params IEnumerable<string> arguments) => Of(Program, arguments);

    /// <summary>Runs any command to its end.</summary>
    /// <param name="command">The command.</param>
    /// <param name="arguments">Its arguments.</param>
    internal static ProgramRun Of(string command, IEnumerable<string> arguments)
    {
        using var process = Start(command, arguments);
        return EndOf(process);
    }

    /// <summary>Starts the program.</summary>
    /// <param name="arguments">Its command line.</param>
    /// <returns>The process; hand it to <see cref="EndOf"/>.</returns>
    internal static Process Start(params IEnumerable<string> arguments) => Start(Program, arguments);

    /// <summary>Starts any command with all three standard streams redirected.</summary>
    /// <param name="command">The command.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to set; null for none.</param>
    internal static Process Start(string command, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        // Where the tests run in the background of a script, a shell has made them ignore SIGINT, or nohup SIGHUP, and so would every child.
        if (OperatingSystem.IsLinux()) (command, arguments) = ("env", ["--default-signal=INT,HUP", command, .. arguments]);
        var start = new ProcessStartInfo(command, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Waits for a process to end.</summary>
    /// <param name="process">The process.</param>
    internal static ProgramRun EndOf(Process process)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return new ProgramRun(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>Sends a signal to a process, which may have ended by then.</summary>
    /// <param name="signal">Its name, such as "TERM".</param>
    /// <param name="process">The process's number.</param>
    internal static void Signal(string signal, int process)
    {
        // By a shell: a minimal system has no program named kill.
        using var shell = Process.Start("sh", ["-c", $"kill -s {signal} {process}"]);
        shell.WaitForExit();
    }
}
