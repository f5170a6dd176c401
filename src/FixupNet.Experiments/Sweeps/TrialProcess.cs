using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using FixupNet.Runs;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Runs a trial by this same program: "train CONFIG --output DIR --supervised".</summary>
/// <remarks>The child ends cleanly when its standard input closes. That is how it is asked to end, the same way on every system; and it
/// happens by itself should this process die.</remarks>
public sealed class TrialProcess : ITrialProcess
{
    private const int KeptLines = 50;

    /// <inheritdoc/>
    public async Task<TrialExit> RunAsync(TrialDirectory trial, int? threads, CancellationToken cancellation)
    {
        using var process = Start(Command(trial, threads));
        var lines = new Queue<string>();
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, received) => Keep(lines, received.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await using (cancellation.Register(() => CloseInput(process)))
        {
            await process.WaitForExitAsync(CancellationToken.None);
        }
        return new TrialExit(process.ExitCode, [.. lines]);
    }

    private static ProcessStartInfo Command(TrialDirectory trial, int? threads)
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
        var root = Path.GetFullPath(trial.Root);
        foreach (var argument in (string[])["train", Path.GetFullPath(trial.ConfigFile), "--output", root, "--supervised"])
            start.ArgumentList.Add(argument);
        if (threads is not { } count) return start;
        start.ArgumentList.Add("--threads");
        start.ArgumentList.Add(count.ToString(CultureInfo.InvariantCulture));
        return start;
    }

    private static Process Start(ProcessStartInfo command)
    {
        try
        {
            return Process.Start(command)!;
        }
        catch (Win32Exception error)
        {
            throw new IOException($"Cannot start {command.FileName}: {error.Message}", error);
        }
    }

    private static void Keep(Queue<string> lines, string? line)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        if (lines.Count == KeptLines) lines.Dequeue();
        lines.Enqueue(line);
    }

    private static void CloseInput(Process process)
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The process has just ended by itself, which is what was wanted.
        }
    }
}
