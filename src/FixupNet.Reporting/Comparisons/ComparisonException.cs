namespace FixupNet.Reporting.Comparisons;

/// <summary>A comparison that was asked for does not exist in the results.</summary>
public sealed class ComparisonException : Exception
{
    /// <summary>Creates the exception for a question that has no single answer.</summary>
    /// <param name="message">What is wrong and what is right.</param>
    public ComparisonException(string message) : base(message) => (Given, Allowed) = ("", []);

    /// <summary>Creates the exception for a name or value that does not occur.</summary>
    /// <param name="what">What was named, and where.</param>
    /// <param name="given">The name given.</param>
    /// <param name="allowed">Every name there is.</param>
    public ComparisonException(string what, string given, IReadOnlyList<string> allowed)
        : base($"{what} \"{given}\" does not occur; there is {(allowed.Count == 0 ? "none" : string.Join(", ", allowed))}") =>
        (Given, Allowed) = (given, allowed);

    /// <summary>The name given; empty where none was wrong.</summary>
    public string Given { get; }

    /// <summary>Every name there is.</summary>
    public IReadOnlyList<string> Allowed { get; }
}
