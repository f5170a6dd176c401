using System.Text.Json.Serialization;

namespace FixupNet.Runs.Records;

/// <summary>The sources that a program was built from.</summary>
/// <param name="Code">Tells builds apart: the digest of all sources, the same for the same sources whatever the commit; of a program built
/// without git, the digest of its assemblies.</param>
/// <param name="Commit">Commit that was checked out; null where that is unknown.</param>
/// <param name="Dirty">Whether the sources differed from that commit; null where that is unknown.</param>
/// <param name="Diff">File of those differences, as "git apply" takes them, relative to the run's folder; null where there are none, or they
/// were too large to keep.</param>
/// <param name="DiffSha256">SHA-256 of the differences, as hexadecimal digits; null where there are none.</param>
/// <param name="Program">Name of the program, where it is another one with choices of its own; null for fixupnet itself.</param>
public sealed record SourceRecord(string Code, string? Commit = null, bool? Dirty = null, string? Diff = null, string? DiffSha256 = null, string? Program = null)
{
    private const int ShownDigits = 10;

    /// <summary>Whether another record is of the same sources, as far as both tell.</summary>
    /// <param name="other">The other record.</param>
    public bool IsSameBuild(SourceRecord other) => Code.Length > 0 && other.Code.Length > 0 ? Code == other.Code : Commit == other.Commit;

    /// <summary>The first digits of <see cref="Code"/>, for people; empty where it is.</summary>
    [JsonIgnore]
    public string ShortCode => Code[..Math.Min(ShownDigits, Code.Length)];

    /// <summary>For people: the commit, and the digest of the sources where the commit alone does not tell them.</summary>
    public override string ToString() => Program is null ? Sources : $"{Sources}, in the program \"{Program}\"";

    private string Sources
    {
        get
        {
            if (Commit is null) return Code.Length > 0 ? $"sources {ShortCode}" : "unknown sources";
            var commit = $"commit {Commit[..Math.Min(ShownDigits, Commit.Length)]}";
            return Dirty != true ? commit : Code.Length > 0 ? $"{commit} with changes (sources {ShortCode})" : $"{commit} with changes";
        }
    }
}
