using System.Globalization;
using System.Text.Json.Nodes;

namespace FixupNet.Reliability.Tests.Harness;

/// <summary>Runs of one document, each in a folder of its own, against the run that nobody disturbed.</summary>
/// <param name="folder">A folder for all of it.</param>
/// <param name="changes">Changes to <see cref="TinyTrial.Document"/>.</param>
internal sealed class Trials(string folder, params IReadOnlyList<string> changes)
{
    private int _count;

    /// <summary>The run that nobody disturbed. Before all others: the first run on a machine measures which algorithms are the fastest there.</summary>
    internal UndisturbedRun Undisturbed { get; } = UndisturbedRuns.Of(changes);

    /// <summary>A folder that no run has used.</summary>
    internal string NewFolder() => Path.Combine(folder, $"run{Interlocked.Increment(ref _count):D4}");

    /// <summary>To try the command in folders that no run has used.</summary>
    internal Attempt FromTheBeginning => new(NewFolder, Command);

    /// <summary>The command that trains in a folder, or goes on there.</summary>
    internal IReadOnlyList<string> Command(string run)
    {
        var document = Path.Combine(folder, "tiny.json");
        if (!File.Exists(document)) File.WriteAllText(document, TinyTrial.Document);
        return TinyTrial.Command(document, run, changes);
    }

    /// <summary>Runs the command to its end and compares; removes the folder where all is well.</summary>
    /// <param name="run">The folder of a run that was disturbed.</param>
    /// <returns>What is wrong, or null.</returns>
    internal string? ProblemAfterResuming(string run)
    {
        if (CheckpointFiles.ProblemWith(run) is { } damage) return $"before resuming: {damage}";
        // What had ended is not trained on.
        var saved = File.Exists(Path.Combine(run, "summary.json")) ? 0 : StepOfLatest(run);
        var resumed = Child.Run(Command(run));
        if (resumed.ExitCode != 0) return $"resuming gave {resumed.ExitCode}: {resumed.Error}";
        if (StepOfLastResume(run) < saved) return $"resumed at step {StepOfLastResume(run)} though {saved} had been saved";
        return ProblemWithEnded(run);
    }

    /// <summary>Compares a run that has ended; removes the folder where all is well.</summary>
    /// <param name="run">The folder of the run.</param>
    /// <returns>What is wrong, or null.</returns>
    internal string? ProblemWithEnded(string run)
    {
        if (RunFingerprint.Of(run).DifferenceTo(Undisturbed.Fingerprint) is { } difference) return difference;
        var leftovers = Directory.EnumerateFileSystemEntries(run, ".*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(entry => Path.GetFileName(entry) != ".lock").ToList();
        if (leftovers.Count > 0) return $"left over: {string.Join(", ", leftovers)}";
        if (Verifier.ProblemWith(run) is { } problem) return problem;
        Directory.Delete(run, recursive: true);
        return null;
    }

    /// <summary>Step of the checkpoint that "latest" names, whose folder must be there; 0 where there is no such file.</summary>
    internal static long StepOfLatest(string run)
    {
        var checkpoints = Path.Combine(run, "checkpoints");
        if (StepNamed(checkpoints) is not { } name) return 0;
        return JsonNode.Parse(File.ReadAllText(Path.Combine(checkpoints, name, "manifest.json")))!["step"]!.GetValue<long>();
    }

    /// <summary>The step in the name that "latest" holds, while the run goes on; 0 where there is no such file.</summary>
    internal static long StepOfLatestWhileRunning(string run) =>
        StepNamed(Path.Combine(run, "checkpoints")) is { } name ? long.Parse(name.Split('-', '.')[1], CultureInfo.InvariantCulture) : 0;

    private static string? StepNamed(string checkpoints)
    {
        var latest = Path.Combine(checkpoints, "latest");
        return File.Exists(latest) ? File.ReadAllText(latest).Trim() : null;
    }

    // A run that had ended, or had nothing saved, is not resumed.
    private static long StepOfLastResume(string run)
    {
        var environment = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "env.json")))!;
        return environment["resumes"] is JsonArray { Count: > 0 } resumes ? resumes[^1]!["step"]!.GetValue<long>() : 0;
    }
}
