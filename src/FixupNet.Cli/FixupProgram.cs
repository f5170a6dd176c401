using System.Reflection;
using FixupNet.Cli.Host;
using FixupNet.Experiments;
using FixupNet.Experiments.Configuration;

namespace FixupNet.Cli;

/// <summary>The whole command line, for a program that adds choices of its own: models, methods, schemes, datasets, optimizers, schedules.</summary>
/// <remarks>
/// A whole program:
/// <code>
/// return FixupProgram.Run(args, ProductRegistries.All with
/// {
///     Methods = MethodZoo.All.With(new MethodEntry("half", "Plain, every branch times a half", new HalfMethod())),
/// });
/// </code>
/// Trials of its sweeps run as processes of that same program. Call nothing of TorchSharp before.
/// </remarks>
public static class FixupProgram
{
    // Never disposed of: a signal that comes when all is done, while the process ends, must not make a success of it a death.
    private static readonly Interruption s_interruption = new();

    /// <summary>Runs one command line, to the end of it.</summary>
    /// <param name="args">The arguments, as Main has them.</param>
    /// <param name="registries">What documents may choose from: <see cref="ProductRegistries.All"/>, and more.</param>
    /// <returns>The exit code, for Main to return.</returns>
    public static int Run(string[] args, ConfigRegistries registries)
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
            Command = string.Join(' ', args.Prepend(Name).Select(Quoted)),
            Registries = registries,
            IsLive = mayDraw && !Console.IsErrorRedirected,
            IsOutputLive = mayDraw && !Console.IsOutputRedirected,
            OutputWidth = Console.IsOutputRedirected ? null : TerminalWidth(),
            Interruption = s_interruption,
            Log = log,
        };
        var exitCode = Program.Run(args, host);
        if (exitCode != ExitCodes.Success || output.WriteFailure is not { } failure) return exitCode;
        log.Console.WriteLine($"fixupnet: standard output cannot be written: {failure}");
        return ExitCodes.InputOutput;
    }

    private static string Name => Assembly.GetEntryAssembly() is { } program && program != typeof(FixupProgram).Assembly ? program.GetName().Name! : "fixupnet";

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

    private static string Quoted(string argument) =>
        argument.Length > 0 && !argument.Any(letter => char.IsWhiteSpace(letter) || letter is '"' or '\'')
            ? argument
            : $"'{argument.Replace("'", "'\\''")}'";
}
