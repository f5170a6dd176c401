namespace FixupNet.Training.Data;

/// <summary>A file of a dataset, or a download, is not what it has to be; nothing was changed.</summary>
public sealed class DatasetCorruptException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="file">Path or address of what is wrong.</param>
    /// <param name="found">What it holds: "30720000 bytes".</param>
    /// <param name="expected">What it has to hold: "30730000 bytes".</param>
    /// <param name="inner">What was thrown while it was read, if anything.</param>
    /// <param name="note">What to do, in sentences.</param>
    public DatasetCorruptException(string file, string found, string expected, Exception? inner = null, string? note = null)
        : base($"{file}: found {found}; expected {expected}.{(note is null ? "" : $" {note}")}", inner)
    {
        File = file;
        Found = found;
        Expected = expected;
    }

    /// <summary>Path or address of what is wrong.</summary>
    public string File { get; }

    /// <summary>What it holds.</summary>
    public string Found { get; }

    /// <summary>What it has to hold.</summary>
    public string Expected { get; }
}
