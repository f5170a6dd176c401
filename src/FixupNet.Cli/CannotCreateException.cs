namespace FixupNet.Cli;

/// <summary>A folder for results cannot be created.</summary>
/// <param name="folder">The folder.</param>
/// <param name="cause">What the operating system said.</param>
internal sealed class CannotCreateException(string folder, IOException cause)
    : IOException($"Cannot create the folder {folder}: {cause.Message}", cause);
