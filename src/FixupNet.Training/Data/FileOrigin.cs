namespace FixupNet.Training.Data;

/// <summary>What vouches for the content of a dataset's file.</summary>
internal enum FileOrigin
{
    /// <summary>The published sum: it is the published file.</summary>
    Published,

    /// <summary>The sum recorded when it was fetched or verified: it is what it was then.</summary>
    Recorded,

    /// <summary>Nothing: size, header and labels are right, but its pixels may be anything.</summary>
    Unknown,
}
