using System.Globalization;
using FixupNet.Runs.Files;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Runs;

/// <summary>The files of one trial. Creating this object touches no disk.</summary>
/// <param name="path">The trial's folder.</param>
public sealed class TrialDirectory(string path)
{
    /// <summary>The trial's folder.</summary>
    public string Root { get; } = path;

    /// <summary>The resolved configuration, enough to run the trial alone.</summary>
    public string ConfigFile => Path.Combine(Root, "config.json");

    /// <summary>What the trial ran on; an <see cref="EnvironmentRecord"/>.</summary>
    public string EnvironmentFile => Path.Combine(Root, "env.json");

    /// <summary>Where the trial stands; a <see cref="TrialStatus"/>.</summary>
    public string StatusFile => Path.Combine(Root, "status.json");

    /// <summary>Values of the task's metrics; lines of <see cref="MetricsLine"/>, read by <see cref="MetricsLog"/>.</summary>
    public string MetricsFile => Path.Combine(Root, "metrics.jsonl");

    /// <summary>A <see cref="GradientNormsHeader"/>, then lines of <see cref="GradientNormsLine"/>.</summary>
    public string GradientNormsFile => Path.Combine(Root, "gradient-norms.jsonl");

    /// <summary>An <see cref="ActivationsHeader"/>, then lines of <see cref="ActivationsLine"/>.</summary>
    public string ActivationsFile => Path.Combine(Root, "activations.jsonl");

    /// <summary>Folder of event files for TensorBoard, where they are asked for.</summary>
    public string TensorBoardFolder => Path.Combine(Root, "tensorboard");

    /// <summary>The output of "fixupnet probe --json" of this trial's configuration, where it was saved; a <see cref="ProbeRecord"/>.</summary>
    public string ProbeFile => Path.Combine(Root, "probe.json");

    /// <summary>Records of studies of its network.</summary>
    public string StudiesFolder => Path.Combine(Root, "studies");

    /// <summary>The record of a study, a <see cref="Records.StudyRecord"/>.</summary>
    /// <param name="study">Name of the study.</param>
    public string StudyFile(string study) => Path.Combine(StudiesFolder, $"{study}.json");

    /// <summary>Folder of what a study has trained so far; it is removed once the study has answered.</summary>
    /// <param name="study">Name of the study.</param>
    public string StudyWorkFolder(string study) => Path.Combine(StudiesFolder, $"{study}.work");

    /// <summary>Which training examples a trial classified right, lines of <see cref="ExamplesLine"/>; in trainings of studies only.</summary>
    public string ExamplesFile => Path.Combine(Root, "examples.jsonl");

    /// <summary>The result; a <see cref="TrialSummary"/>. Exists exactly when the trial has ended.</summary>
    public string SummaryFile => Path.Combine(Root, "summary.json");

    /// <summary>Where the trial was copied from, where it was not trained in this sweep; a <see cref="ReusedRecord"/>.</summary>
    public string ReusedFile => Path.Combine(Root, "reused.json");

    /// <summary>The log for people.</summary>
    public string TextLogFile => Path.Combine(Root, "log.txt");

    /// <summary>The log for programs.</summary>
    public string JsonLogFile => Path.Combine(Root, "log.jsonl");

    /// <summary>Folder of a result that was set aside.</summary>
    /// <param name="number">Its number, from 1.</param>
    public string EarlierFolder(int number) => Path.Combine(Root, string.Create(CultureInfo.InvariantCulture, $"earlier-{number}"));

    /// <summary>Folder of the checkpoints.</summary>
    public string CheckpointsFolder => Path.Combine(Root, "checkpoints");

    /// <summary>Text file that names the latest checkpoint's folder.</summary>
    public string LatestCheckpointFile => Path.Combine(CheckpointsFolder, "latest");

    /// <summary>Text file that names the best checkpoint's folder.</summary>
    public string BestCheckpointFile => Path.Combine(CheckpointsFolder, "best");

    /// <summary>Whether the trial has ended, in whatever way.</summary>
    public bool IsEnded => File.Exists(SummaryFile);

    /// <summary>Folder of the checkpoint at a step.</summary>
    /// <param name="step">Optimizer steps done, at least 0.</param>
    public string CheckpointFolder(long step) => Path.Combine(CheckpointsFolder, RunNames.Checkpoint(step));

    /// <summary>Reads where the trial stands.</summary>
    /// <returns>The status, or null before the first was written.</returns>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public TrialStatus? ReadStatus() => RunJson.ReadFileIfExists<TrialStatus>(StatusFile);

    /// <summary>Replaces the status.</summary>
    /// <param name="status">Where the trial stands.</param>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    public void WriteStatus(TrialStatus status) => RunJson.WriteFile(StatusFile, status);

    /// <summary>Reads the result.</summary>
    /// <returns>The result, or null while the trial has not ended.</returns>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public TrialSummary? ReadSummary() => RunJson.ReadFileIfExists<TrialSummary>(SummaryFile);

    /// <summary>Writes the result, which ends the trial.</summary>
    /// <param name="summary">The result.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void WriteSummary(TrialSummary summary) => RunJson.WriteFile(SummaryFile, summary);

    /// <summary>Reads what the trial ran on.</summary>
    /// <returns>The record, or null before it was written.</returns>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public EnvironmentRecord? ReadEnvironment() => RunJson.ReadFileIfExists<EnvironmentRecord>(EnvironmentFile);

    /// <summary>Writes what the trial runs on.</summary>
    /// <param name="environment">The record.</param>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    public void WriteEnvironment(EnvironmentRecord environment) => RunJson.WriteFile(EnvironmentFile, environment);

    /// <summary>Reads where the trial was copied from.</summary>
    /// <returns>The record, or null for a trial that was trained in its own sweep.</returns>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public ReusedRecord? ReadReused() => RunJson.ReadFileIfExists<ReusedRecord>(ReusedFile);

    /// <summary>Reads the trial's state.</summary>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public TrialState ReadState() => StateOf(ReadSummary(), ReadStatus());

    /// <summary>A trial's state, for which the result counts more than the status: a process may die between writing the two. What was
    /// stopped without a result, by a limit on the command line, is to be continued: interrupted.</summary>
    /// <param name="summary">The result; null while there is none.</param>
    /// <param name="status">Where it stands; null before the first was written.</param>
    public static TrialState StateOf(TrialSummary? summary, TrialStatus? status)
    {
        var state = summary?.State ?? status?.State ?? TrialState.Pending;
        return state == TrialState.Stopped && summary is null ? TrialState.Interrupted : state;
    }
}
