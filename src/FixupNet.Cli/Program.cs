using System.CommandLine;
using FixupNet.Cli.Display;

namespace FixupNet.Cli;

/// <summary>The program: runs a command line and turns whatever happens into an exit code.</summary>
internal static class Program
{
    // Never disposed of: a signal that comes when all is done, while the process ends, must not make a success of it a death.
    private static readonly Interruption s_interruption = new();

    private static int Main(string[] args)
    {
        // Intel's Fortran runtime, which comes with TorchSharp's natives for Windows, ends a program at Ctrl-C unless it is told not to. They are not loaded yet.
        if (OperatingSystem.IsWindows()) Environment.SetEnvironmentVariable("FOR_DISABLE_CONSOLE_CTRL_HANDLER", "1");
        var output = new StandardStream(Console.Out);
        // Set as those of the process: what draws knows by that whether it draws on a terminal.
        Console.SetOut(output);
        Console.SetError(new StandardStream(Console.Error));
        NativeRuntime.Tune();
        using var log = new RunLog(new ConsoleSink(Console.Error));
        var mayDraw = Environment.GetEnvironmentVariable("TERM") != "dumb" && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));
        var host = new CliHost(Console.Out, Console.Error)
        {
            Command = string.Join(' ', args.Prepend("fixupnet").Select(Quoted)),
            IsLive = mayDraw && !Console.IsErrorRedirected,
            IsOutputLive = mayDraw && !Console.IsOutputRedirected,
            OutputWidth = Console.IsOutputRedirected ? null : TerminalWidth(),
            Interruption = s_interruption,
            Log = log,
        };
        var exitCode = Run(args, host);
        if (exitCode != ExitCodes.Success || output.Failure is not { } failure) return exitCode;
        log.Console.WriteLine($"fixupnet: standard output cannot be written: {failure}");
        return ExitCodes.InputOutput;
    }

    /// <summary>Runs one command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="host">The surroundings.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    internal static int Run(string[] args, CliHost host)
    {
        try
        {
            return CommandLine.Run(args, host);
        }
        catch (Exception error)
        {
            var failure = Failure.Of(error);
            var trace = failure.IsBug ? $" This is an error of the program; {Trace(error, failure, host)}" : "";
            host.Log.Console.WriteLine($"fixupnet: {failure.Message}{trace}");
            return failure.ExitCode;
        }
    }

    // A terminal that does not tell, as within some editors, says 0 or fails.
    private static int? TerminalWidth()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Trace(Exception error, Failure failure, CliHost host)
    {
        host.Log.RecordFailure(error, failure.Message);
        if (host.Log.HasFiles) return "the run's log.txt holds the stack trace.";
        return host.Log.IsVerbose ? $"stack trace:{Environment.NewLine}{error}" : "run it again with --verbose to see the stack trace.";
    }

    private static string Quoted(string argument) =>
        argument.Length > 0 && !argument.Any(letter => char.IsWhiteSpace(letter) || letter is '"' or '\'')
            ? argument
            : $"'{argument.Replace("'", "'\\''")}'";
}
