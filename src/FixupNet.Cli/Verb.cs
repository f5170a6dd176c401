using System.CommandLine;

namespace FixupNet.Cli;

/// <summary>A command with examples, which its help shows.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it does, on one line.</param>
/// <param name="examples">Command lines that work as they are, or one line of advice each.</param>
internal sealed class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Command lines that work as they are.</summary>
    public IReadOnlyList<string> Examples => examples;
}
