using System.Text.RegularExpressions;

namespace FixupNet.Experiments.Launchers;

/// <summary>A kind of text that a launcher puts into the file it writes: what it may be, so that none can carry an option or a command.</summary>
public sealed partial class LaunchValue
{
    private readonly Regex _pattern;

    private LaunchValue(Regex pattern, string meaning) => (_pattern, Meaning) = (pattern, meaning);

    /// <summary>Names of partitions, accounts or qualities of service of a Slurm site.</summary>
    public static LaunchValue Names { get; } =
        new(NamesPattern(), "must be a name of letters, digits, \"_\", \".\" and \"-\", or several joined by commas");

    /// <summary>Slurm's generic resources.</summary>
    public static LaunchValue Resources { get; } =
        new(ResourcesPattern(), "must be a resource such as \"gpu:1\" or \"gpu:a100:2\", or several joined by commas");

    /// <summary>A container image.</summary>
    public static LaunchValue Image { get; } =
        new(ImagePattern(), "must be a container image such as \"registry.example/fixupnet:1.0\"");

    /// <summary>The name of an object in a Kubernetes cluster.</summary>
    public static LaunchValue ClusterName { get; } =
        new(ClusterNamePattern(), "must be a name of at most 63 letters a-z, digits and \"-\", which does not begin or end with \"-\"");

    /// <summary>The full path of a folder or program that the workers find under the same path.</summary>
    public static LaunchValue FullPath { get; } =
        new(FullPathPattern(), "must be a full path of letters, digits and \"._/=@+,-\" alone to go into a launcher's file");

    /// <summary>What it must be, for messages: "must be …".</summary>
    public string Meaning { get; }

    /// <summary>Whether a text is of this kind.</summary>
    /// <param name="text">The text.</param>
    public bool Allows(string text) => _pattern.IsMatch(text);

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}(,[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}){0,15}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamesPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_]{1,32}(:[A-Za-z0-9_.-]{1,32}){0,2}(,[A-Za-z0-9_]{1,32}(:[A-Za-z0-9_.-]{1,32}){0,2}){0,7}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ResourcesPattern();

    [GeneratedRegex(@"\A[a-z0-9][A-Za-z0-9._/:@-]{0,254}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ImagePattern();

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex ClusterNamePattern();

    [GeneratedRegex(@"\A/[\p{L}\p{N}._/=@+,-]{0,1000}\z", RegexOptions.CultureInvariant)]
    private static partial Regex FullPathPattern();
}
