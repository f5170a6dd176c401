using System.Diagnostics;
using System.Globalization;

namespace FixupNet.Reliability.Tests.Slurm;

/// <summary>A real Slurm of one node with two cores. It lives in namespaces of its own, so that it needs nothing of the machine's and nothing
/// of it outlives the test, whatever happens to that.</summary>
internal sealed class SlurmCluster : IDisposable
{
    private static readonly string[] s_programs = ["slurmctld", "slurmd", "sbatch", "munged", "unshare", "nsenter", "pgrep", "ip"];

    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(1);

    private readonly string _folder;
    private readonly Process _namespaces;

    /// <summary>Starts it.</summary>
    /// <param name="folder">Folder for its files; created.</param>
    /// <param name="maxArraySize">Its MaxArraySize.</param>
    internal SlurmCluster(string folder, int maxArraySize)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        var script = Path.Combine(AppContext.BaseDirectory, "Slurm", "cluster.sh");
        _namespaces = ProgramRun.Start("unshare",
            ["--pid", "--fork", "--kill-child", "--mount-proc", "--net", "--uts", "bash", script, _folder, maxArraySize.ToString(CultureInfo.InvariantCulture)]);
        var errors = _namespaces.StandardError.ReadToEndAsync();
        var answer = _namespaces.StandardOutput.ReadLineAsync();
        if (answer.Wait(s_startLimit) && answer.Result == "ready") return;
        _namespaces.Kill();
        throw new InvalidOperationException($"Slurm does not start: {errors.GetAwaiter().GetResult()}\n{Logs()}");
    }

    /// <summary>Skips the test where Slurm is missing or namespaces are not allowed.</summary>
    internal static void Require()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) Assert.Ignore("needs to be root on Linux");
        var missing = s_programs.Where(program => !Folders.Any(folder => File.Exists(Path.Combine(folder, program)))).ToList();
        if (missing.Count > 0) Assert.Ignore($"{string.Join(", ", missing)} missing: apt-get install slurm-wlm munge iproute2 procps");
        if (ProgramRun.Of("unshare", ["--pid", "--fork", "--mount-proc", "--net", "--uts", "true"]) is { ExitCode: not 0 } refused)
            Assert.Ignore($"namespaces are not allowed here: {refused.Error}");
    }

    /// <summary>Runs a command there to its end.</summary>
    /// <param name="command">The command and its arguments.</param>
    internal ProgramRun Run(params IReadOnlyList<string> command)
    {
        var temporary = Directory.CreateDirectory(Path.Combine(_folder, "tmp")).FullName;
        var environment = new Dictionary<string, string>
        {
            ["SLURM_CONF"] = Path.Combine(_folder, "slurm.conf"), ["TMPDIR"] = temporary, ["OMP_NUM_THREADS"] = "1", ["DOTNET_EnableDiagnostics"] = "0",
        };
        using var process = ProgramRun.Start("nsenter", ["--target", FirstProcess(), "--mount", "--uts", "--net", "--pid", "--", .. command], environment);
        return ProgramRun.EndOf(process);
    }

    /// <summary>Runs a command there that must succeed.</summary>
    /// <param name="command">The command and its arguments.</param>
    /// <returns>What it printed.</returns>
    internal string Ask(params IReadOnlyList<string> command)
    {
        var run = Run(command);
        return run.ExitCode == 0
            ? run.Output
            : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {run.ExitCode}: {run.Output}{run.Error}\n{Logs()}");
    }

    /// <summary>What its daemons wrote.</summary>
    internal string Logs() => string.Join("\n", Directory.EnumerateFiles(Path.Combine(_folder, "log")).Order()
        .Select(file => $"{Path.GetFileName(file)}:\n{File.ReadAllText(file)}"));

    /// <inheritdoc/>
    public void Dispose()
    {
        _namespaces.StandardInput.Close();
        if (!_namespaces.WaitForExit(TimeSpan.FromSeconds(20))) _namespaces.Kill();
        _namespaces.WaitForExit();
        _namespaces.Dispose();
    }

    private static IEnumerable<string> Folders =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/sbin"]);

    // The process inside that is number 1 there.
    private string FirstProcess() =>
        File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{_namespaces.Id}/task/{_namespaces.Id}/children")).Trim();
}
