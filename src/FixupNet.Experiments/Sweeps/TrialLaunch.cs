using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>A trial to be run in a process of its own.</summary>
/// <param name="Trial">The trial's files; its configuration is written.</param>
/// <param name="Threads">CPU threads of one operation; null for the trial's own choice.</param>
/// <param name="FenceFile">File that comes into being when the trial belongs to another worker: from then on the process writes nothing
/// more.</param>
/// <param name="SourcesFolder">Folder that keeps what was changed in the program's sources, once for all trials.</param>
/// <param name="Device">The device to compute on: auto, cpu, cuda or cuda:N.</param>
public sealed record TrialLaunch(TrialDirectory Trial, int? Threads, string FenceFile, string SourcesFolder, string Device = "auto")
{
    /// <summary>What is asked of the network once it is trained, a <see cref="StudyRequests"/>; null for nothing.</summary>
    public string? StudiesFile { get; init; }
}
