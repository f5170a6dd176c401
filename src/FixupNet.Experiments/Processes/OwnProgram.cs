using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;

namespace FixupNet.Experiments.Processes;

/// <summary>This same program, started again as a process of its own.</summary>
internal static class OwnProgram
{
    /// <summary>The command that starts it: its path, after that of the runtime where it needs one.</summary>
    /// <exception cref="NotSupportedException">The system does not tell.</exception>
    internal static IReadOnlyList<string> Command
    {
        get
        {
            var program = Environment.ProcessPath ?? throw new NotSupportedException("The path of this program is unknown.");
            // "dotnet fixupnet-cli.dll": the program is then the runtime, which needs the assembly named.
            return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Assembly.GetEntryAssembly()!.Location] : [program];
        }
    }

    /// <summary>Starts it with all three standard streams redirected.</summary>
    /// <param name="arguments">Its command line.</param>
    /// <exception cref="IOException">It cannot be started.</exception>
    internal static Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Command[0], [.. Command.Skip(1), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new IOException($"Cannot start {Command[0]}: {error.Message}", error);
        }
    }
}
