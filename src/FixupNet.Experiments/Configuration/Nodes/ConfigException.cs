namespace FixupNet.Experiments.Configuration.Nodes;

/// <summary>A configuration is invalid, or lacks what it needs to be run here; the exception holds every error found, the message shows them one a line.</summary>
public sealed class ConfigException : Exception
{
    // A message must stay readable on a terminal; Errors always holds all of them.
    private const int ShownErrors = 100;

    /// <summary>Creates the exception.</summary>
    /// <param name="errors">The errors in the order found, at least one.</param>
    public ConfigException(IReadOnlyList<ConfigError> errors) : base(Lines(errors)) => Errors = errors;

    /// <summary>Every error found.</summary>
    public IReadOnlyList<ConfigError> Errors { get; }

    private static string Lines(IReadOnlyList<ConfigError> errors)
    {
        var lines = errors.Take(ShownErrors).Select(error => error.ToString());
        if (errors.Count > ShownErrors) lines = lines.Append($"... and {errors.Count - ShownErrors} more errors.");
        return string.Join('\n', lines);
    }
}
