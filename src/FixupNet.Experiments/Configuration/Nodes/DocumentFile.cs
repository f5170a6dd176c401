using FixupNet.Runs.Files;

namespace FixupNet.Experiments.Configuration.Nodes;

/// <summary>Files of documents.</summary>
public static class DocumentFile
{
    /// <summary>Reads a file once, so that a pipe will do, and no more of it than a document may have: a file may be endless.</summary>
    /// <param name="file">The file.</param>
    /// <returns>Its bytes; of one that is too large for a document the beginning, still too large.</returns>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static ReadOnlyMemory<byte> Read(string file) => BoundedFile.ReadBeginning(file, ConfigDocument.MaxBytes + 1);

    /// <summary>Whether a document is a sweep's: only that has a base or a grid. What is no JSON at all is none.</summary>
    /// <param name="utf8">The bytes of its file.</param>
    public static bool IsSweep(ReadOnlySpan<byte> utf8) =>
        ConfigDocument.Parse(utf8, "", new ConfigErrors()) is { } document && (document.Find("base") ?? document.Find("grid")) is not null;
}
