using System.Diagnostics;
using System.Globalization;
using FixupNet.Experiments.Launchers;
using FixupNet.Experiments.Tests.Configuration;

namespace FixupNet.Experiments.Tests.Launchers;

/// <summary>The batch script, run by bash as Slurm would, with shell scripts for the worker and for scontrol.</summary>
internal sealed class BatchJob : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    /// <summary>Starts the script and waits until its worker runs.</summary>
    /// <param name="worker">What the worker does once it has said that it is ready.</param>
    /// <param name="restarts">How often Slurm says to have started the job anew.</param>
    public BatchJob(string worker, int restarts = 0)
    {
        Write("worker", $"echo ready $$\n{worker}");
        Write("scontrol", $"echo \"$@\" >>{At("asked")}");
        var sweep = new LaunchedSweep(At("sweep-1a2b3c"), [At("worker")]);
        Write("job", SlurmScript.Of(new SlurmOptions(new LaunchOptions(1, GraceSeconds: 100, Restarts: 2)), sweep, [new SlurmArray(1)]));
        var start = new ProcessStartInfo("bash", [At("job")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["TMPDIR"] = _folder.Path;
        start.Environment["SLURM_JOB_ID"] = "13";
        start.Environment["SLURM_ARRAY_JOB_ID"] = "12";
        start.Environment["SLURM_ARRAY_TASK_ID"] = "3";
        start.Environment["SLURM_RESTART_COUNT"] = restarts.ToString(CultureInfo.InvariantCulture);
        _process = Process.Start(start)!;
        string? line;
        do line = _process.StandardOutput.ReadLine(); while (line is not null && !line.StartsWith("ready ", StringComparison.Ordinal));
        WorkerId = line?["ready ".Length..] ?? throw new InvalidOperationException($"The script has no worker: {_process.StandardError.ReadToEnd()}");
    }

    /// <summary>Number of the worker's process.</summary>
    public string WorkerId { get; }

    /// <summary>What scontrol was asked; empty when it was not.</summary>
    public string Asked => File.Exists(At("asked")) ? File.ReadAllText(At("asked")).Trim() : "";

    /// <summary>Files that the script left in the folder for temporary files.</summary>
    public IEnumerable<string> Leftovers => Directory.GetDirectories(_folder.Path);

    /// <summary>Sends a signal to the script.</summary>
    public void Signal(string name) => Kill(name, _process.Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Sends a signal to the worker.</summary>
    public void SignalWorker(string name) => Kill(name, WorkerId);

    /// <summary>Waits until the script has said something.</summary>
    public void WaitFor(string text)
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal)) return;
        }
    }

    /// <summary>Waits for the script to end.</summary>
    /// <returns>Its exit code.</returns>
    public int End()
    {
        _process.StandardOutput.ReadToEnd();
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _folder.Dispose();
    }

    private string At(string name) => Path.Combine(_folder.Path, name);

    private void Write(string name, string text)
    {
        File.WriteAllText(At(name), text.StartsWith("#!", StringComparison.Ordinal) ? text : $"#!/bin/bash\n{text}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(At(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void Kill(string signal, string process)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -s {signal} {process}"]);
        kill.WaitForExit();
    }
}
