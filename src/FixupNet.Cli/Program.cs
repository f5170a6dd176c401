using FixupNet.Cli.Host;
using FixupNet.Experiments;

namespace FixupNet.Cli;

/// <summary>The program: runs a command line and turns whatever happens into an exit code.</summary>
internal static class Program
{
    private static int Main(string[] args) => FixupProgram.Run(args, ProductRegistries.All);

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

    private static string Trace(Exception error, Failure failure, CliHost host)
    {
        host.Log.RecordFailure(error, failure.Message);
        if (host.Log.HasFiles) return "the run's log.txt holds the stack trace.";
        return host.Log.IsVerbose ? $"stack trace:{Environment.NewLine}{error}" : "run it again with --verbose to see the stack trace.";
    }
}
