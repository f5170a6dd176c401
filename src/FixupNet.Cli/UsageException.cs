namespace FixupNet.Cli;

/// <summary>The command line is wrong in a way that its grammar does not show.</summary>
/// <param name="message">What is wrong and what is right.</param>
internal sealed class UsageException(string message) : Exception(message);
