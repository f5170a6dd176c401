using System.Diagnostics;
using System.Globalization;
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
        using var process = OwnProgram.Start(Arguments(trial, threads));
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

    private static List<string> Arguments(TrialDirectory trial, int? threads)
    {
        List<string> arguments = ["train", Path.GetFullPath(trial.ConfigFile), "--output", Path.GetFullPath(trial.Root), "--supervised"];
        if (threads is { } count) arguments.AddRange(["--threads", count.ToString(CultureInfo.InvariantCulture)]);
        return arguments;
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
