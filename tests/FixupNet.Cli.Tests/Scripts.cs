using System.Diagnostics;
using System.Runtime.Versioning;

namespace FixupNet.Cli.Tests;

/// <summary>Runs the repository's shell scripts, among programs that only pretend.</summary>
[SupportedOSPlatform("linux")]
internal static class Scripts
{
    /// <summary>The folder of the solution.</summary>
    internal static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Writes a bash script that can be run by its name.</summary>
    internal static void Write(string folder, string name, string body)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, $"#!/bin/bash\n{body}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Runs a command to its end.</summary>
    /// <param name="command">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to set; null takes one away.</param>
    /// <param name="clear">Whether it sees these variables alone.</param>
    internal static (int ExitCode, string Output, string Error) Run(
        string command, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment, bool clear = false)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (clear) start.Environment.Clear();
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FixupNet.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
