using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;

namespace FixupNet.Experiments.Sweeps;

/// <summary>This same program, started again as a process of its own.</summary>
internal static class OwnProgram
{
    /// <summary>Starts it with all three standard streams redirected.</summary>
    /// <param name="arguments">Its command line.</param>
    /// <exception cref="IOException">It cannot be started.</exception>
    internal static Process Start(IEnumerable<string> arguments)
    {
        var program = Environment.ProcessPath ?? throw new NotSupportedException("The path of this program is unknown.");
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // "dotnet fixupnet-cli.dll": the program is then the runtime, which needs the assembly named.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(Assembly.GetEntryAssembly()!.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new IOException($"Cannot start {program}: {error.Message}", error);
        }
    }
}
