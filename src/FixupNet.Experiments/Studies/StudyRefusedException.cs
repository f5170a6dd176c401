namespace FixupNet.Experiments.Studies;

/// <summary>A study has no question for networks of this configuration.</summary>
/// <param name="path">Key of the configuration that it does not fit.</param>
/// <param name="message">What is given, what is allowed and what to do, as the rest of a sentence that begins with the key.</param>
public sealed class StudyRefusedException(string path, string message) : Exception(message)
{
    /// <summary>Key of the configuration.</summary>
    public string Path => path;
}
