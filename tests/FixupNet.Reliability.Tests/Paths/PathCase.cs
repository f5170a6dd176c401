using System.Runtime.Versioning;

namespace FixupNet.Reliability.Tests.Paths;

/// <summary>A path that a command meets, and how the command must end.</summary>
/// <param name="Name">What is the matter with it.</param>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Mentions">What the one message must hold; empty where all is well.</param>
/// <param name="Command">The command, of words without blanks: "{0}" is the case's folder, "{long}" a name of 255 bytes.</param>
[UnsupportedOSPlatform("windows")]
internal sealed record PathCase(string Name, int ExitCode, string Mentions, string Command)
{
    /// <summary>Makes the path what it is; runs in the case's folder. Null for nothing to do.</summary>
    internal Action<CaseFolder>? Prepare { get; init; }

    /// <summary>Whether the command runs as somebody who owns nothing. Root passes every permission.</summary>
    internal bool AsNobody { get; init; } = true;

    /// <summary>Whether "{0}/mounted" is a file system of its own, read-only by the time the command runs.</summary>
    internal bool OnReadOnlyMount { get; init; }

    /// <summary>Whether the command runs in a folder that is removed before.</summary>
    internal bool InRemovedFolder { get; init; }

    /// <summary>The run's folder, where the command must have made a run like any other.</summary>
    internal string? Run { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
