using System.Text.Json;

namespace FixupNet.Runs.Records;

/// <summary>A study that a sweep asks of each of its networks.</summary>
/// <param name="Study">Name of the study.</param>
/// <param name="Options">Its options, every default filled in.</param>
public sealed record StudyRequest(string Study, JsonElement Options);

/// <summary>Content of studies.json of a sweep.</summary>
/// <param name="Studies">What is asked, in order.</param>
public sealed record StudyRequests(IReadOnlyList<StudyRequest> Studies);
