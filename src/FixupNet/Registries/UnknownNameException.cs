namespace FixupNet.Registries;

/// <summary>A name was looked up in a registry that does not hold it; the message lists what it holds and the nearest name.</summary>
public sealed class UnknownNameException : ArgumentException
{
    /// <summary>Creates the exception for one failed look-up.</summary>
    /// <param name="kind">What was looked for, such as "model".</param>
    /// <param name="given">The name given.</param>
    /// <param name="allowed">Every name the registry holds.</param>
    public UnknownNameException(string kind, string given, IReadOnlyList<string> allowed)
        : base($"{kind} is \"{given}\"; must be one of {string.Join(", ", allowed)}{Suggestion(given, allowed)}.")
    {
        Given = given;
        Allowed = allowed;
    }

    /// <summary>The name given.</summary>
    public string Given { get; }

    /// <summary>Every name the registry holds.</summary>
    public IReadOnlyList<string> Allowed { get; }

    private static string Suggestion(string given, IReadOnlyList<string> allowed) =>
        NearestName.Of(given, allowed) is { } nearest ? $" (did you mean \"{nearest}\"?)" : "";
}
