using System.Text.Json.Serialization;

namespace FixupNet.Runs.Records;

/// <summary>Content of env.json: what a trial ran on and with. Never holds environment variables.</summary>
/// <param name="Command">The command line.</param>
/// <param name="Host">Name of the machine.</param>
/// <param name="Os">Operating system and version.</param>
/// <param name="Cpu">Model of the processor.</param>
/// <param name="Dotnet">Version of the .NET runtime.</param>
/// <param name="Provider">Who provides the tensors: "LibTorch" or "TorchSharp".</param>
/// <param name="Libtorch">Version of libtorch.</param>
/// <param name="Threads">Threads that compute; part of a run's identity, for sums round differently with their number.</param>
/// <param name="DatasetDigest">SHA-256 of the dataset's tensors, as hexadecimal digits.</param>
/// <param name="Seeds">Every seed in use by its purpose.</param>
/// <param name="StartedAt">When the trial was first started.</param>
/// <param name="Commit">Commit of the code, where it is known.</param>
/// <param name="Gpu">Model of the GPU, where one was used.</param>
/// <param name="StepPlan">How a training step fits into memory.</param>
/// <param name="Engine">What computes gradients, and why it was taken.</param>
/// <param name="Convolutions">The algorithm of each convolution in the depth-first engine of version 0.1; null in later records.</param>
/// <param name="WeightsDigest">SHA-256 of the file of weights that training started from, as hexadecimal digits; null where there was none.</param>
/// <param name="Source">What the program was built from; null in records of programs that did not tell.</param>
/// <param name="Resumes">Each time the run was continued from a checkpoint; null for never.</param>
/// <param name="Task">What is learned and measured; null for <see cref="TaskRecord.ImageClassification"/>.</param>
public sealed record EnvironmentRecord(
    string Command,
    string Host,
    string Os,
    string Cpu,
    string Dotnet,
    string Provider,
    string Libtorch,
    int Threads,
    string DatasetDigest,
    IReadOnlyDictionary<string, long> Seeds,
    DateTimeOffset StartedAt,
    string? Commit = null,
    string? Gpu = null,
    StepPlan? StepPlan = null,
    string? Engine = null,
    IReadOnlyDictionary<string, string>? Convolutions = null,
    string? WeightsDigest = null,
    SourceRecord? Source = null,
    IReadOnlyList<ResumeRecord>? Resumes = null,
    TaskRecord? Task = null)
{
    /// <summary>Every build that worked on the run, the first one first; for records that do not tell, what is known of the commit.</summary>
    [JsonIgnore]
    public IEnumerable<SourceRecord> Sources => (Resumes ?? []).OfType<ResumeRecord>().Select(resume => resume.Source ?? SourceOf(resume.Commit)).Prepend(Source ?? SourceOf(Commit));

    private static SourceRecord SourceOf(string? commit) => new("", commit);
}

/// <summary>A run was continued from a checkpoint, by this process on this machine.</summary>
/// <param name="At">When.</param>
/// <param name="Step">Updates of the weights at the checkpoint.</param>
/// <param name="Command">The command line.</param>
/// <param name="Host">Name of the machine.</param>
/// <param name="Cpu">Model of the processor.</param>
/// <param name="Libtorch">Version of libtorch.</param>
/// <param name="Threads">Threads that compute.</param>
/// <param name="Commit">Commit of the code, where it is known.</param>
/// <param name="Gpu">Model of the GPU, where one is used.</param>
/// <param name="Source">What the program was built from; null in records of programs that did not tell.</param>
public sealed record ResumeRecord(
    DateTimeOffset At, long Step, string Command, string Host, string Cpu, string Libtorch, int Threads, string? Commit = null,
    string? Gpu = null, SourceRecord? Source = null);
