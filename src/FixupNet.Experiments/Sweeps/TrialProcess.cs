using System.Diagnostics;
using System.Globalization;
using FixupNet.Experiments.Processes;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Runs a trial by this same program: "train CONFIG --output DIR --supervised --fence FILE …".</summary>
/// <remarks>The child ends cleanly when its standard input closes. That is how it is asked to end, the same way on every system; and it
/// happens by itself should this process die.</remarks>
public sealed class TrialProcess : ITrialProcess
{
    private const int KeptLines = 50;
    private const int KilledBySignal9 = 128 + 9;

    /// <inheritdoc/>
    public async Task<TrialExit> RunAsync(TrialLaunch launch, CancellationToken end, CancellationToken kill)
    {
        using var process = OwnProgram.Start(Arguments(launch));
        var memory = MemoryKills.Watch(process.Id);
        var lines = new Queue<string>();
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, received) => Keep(lines, received.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await using (end.Register(() => CloseInput(process)))
        await using (kill.Register(() => process.Kill()))
        {
            await process.WaitForExitAsync(CancellationToken.None);
        }
        return new TrialExit(process.ExitCode, [.. lines], process.ExitCode == KilledBySignal9 && memory.HaveGrown());
    }

    private static List<string> Arguments(TrialLaunch launch)
    {
        List<string> arguments =
        [
            "train", Path.GetFullPath(launch.Trial.ConfigFile), "--output", Path.GetFullPath(launch.Trial.Root),
            "--supervised", "--fence", Path.GetFullPath(launch.FenceFile),
            "--sources", Path.GetFullPath(launch.SourcesFolder), "--device", launch.Device,
        ];
        if (launch.Threads is { } count) arguments.AddRange(["--threads", count.ToString(CultureInfo.InvariantCulture)]);
        if (launch.StudiesFile is { } studies) arguments.AddRange(["--studies", Path.GetFullPath(studies)]);
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
