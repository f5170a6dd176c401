namespace FixupNet.Runs;

/// <summary>A run was given to another process while this one worked on it.</summary>
/// <param name="directory">The run's directory.</param>
public sealed class RunTakenOverException(string directory)
    : IOException($"{directory} was taken over by another worker, for this one had not been heard of; nothing more is written here.");
