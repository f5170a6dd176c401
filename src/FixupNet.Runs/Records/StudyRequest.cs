using System.Text.Json;

namespace FixupNet.Runs.Records;

/// <summary>A study that a sweep asks for.</summary>
/// <param name="Study">Name of the study.</param>
/// <param name="Options">Its options, every default filled in.</param>
/// <param name="IsOfStart">Whether it asks how a network begins, so that one whose training diverged has an answer too.</param>
public sealed record StudyRequest(string Study, JsonElement Options, bool IsOfStart = false)
{
    /// <summary>Whether it is asked of a trial.</summary>
    /// <param name="state">How the trial ended; null where it has not.</param>
    public bool IsAskedOf(TrialState? state) => state == TrialState.Completed || (IsOfStart && state == TrialState.Diverged);
}

/// <summary>Content of studies.json of a sweep.</summary>
/// <param name="Studies">What is asked of each network once it is trained, in order.</param>
/// <param name="OfSweep">What is asked of the sweep as a whole once it has ended, in order; null where nothing is.</param>
public sealed record StudyRequests(IReadOnlyList<StudyRequest> Studies, IReadOnlyList<StudyRequest>? OfSweep = null);
