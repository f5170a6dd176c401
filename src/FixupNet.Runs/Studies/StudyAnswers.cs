using System.Text.Json;
using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Runs.Studies;

/// <summary>Which answers of studies a trial has.</summary>
public static class StudyAnswers
{
    /// <summary>The answer to a study with these options, of the weights that the trial has now; null where there is none that can be read.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="request">The study.</param>
    public static StudyRecord? Find(TrialDirectory trial, StudyRequest request)
    {
        var known = Read(trial.StudyFile(request.Study));
        return known is not null && JsonElement.DeepEquals(known.Options, request.Options) && IsOfItsWeights(known, trial) ? known : null;
    }

    /// <summary>The studies of a sweep that a trial has no answer to, in order; none of a trial that was not trained to its end.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="trial">The trial.</param>
    /// <exception cref="InvalidDataException">What is asked, or the trial's result, is damaged.</exception>
    public static IReadOnlyList<StudyRequest> Missing(SweepDirectory sweep, TrialDirectory trial)
    {
        if (sweep.ReadStudies().Studies is not { Count: > 0 } requests) return [];
        var state = trial.ReadSummary()?.State;
        return [.. requests.Where(request => request.IsAskedOf(state) && Find(trial, request) is null)];
    }

    // A damaged answer can be had again.
    private static StudyRecord? Read(string file)
    {
        try
        {
            return RunJson.ReadFileIfExists<StudyRecord>(file);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    // A run that was continued has others, but began with the same. Where weights were deleted, the answer is what is left of them.
    private static bool IsOfItsWeights(StudyRecord known, TrialDirectory trial) =>
        known.Weights is null || CheckpointStore.Read(trial.LatestCheckpointFile) is not { } latest || latest == known.Weights;
}
