namespace FixupNet.Training.Data;

/// <summary>What "data fetch" did.</summary>
/// <param name="Folder">Where the files lie.</param>
/// <param name="Fetched">Names of the files that are new.</param>
/// <param name="Kept">Names of the files that were there already and were left alone.</param>
/// <param name="Sources">Archives and folders that new files were made of instead of being downloaded.</param>
public sealed record FetchResult(string Folder, IReadOnlyList<string> Fetched, IReadOnlyList<string> Kept, IReadOnlyList<string> Sources);

/// <summary>How far a download has come.</summary>
/// <param name="Address">What is loaded.</param>
/// <param name="ReceivedBytes">Bytes so far.</param>
/// <param name="TotalBytes">Bytes in all, where the server says.</param>
public sealed record FetchProgress(Uri Address, long ReceivedBytes, long? TotalBytes);
