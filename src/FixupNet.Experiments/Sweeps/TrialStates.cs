using FixupNet.Runs;
using FixupNet.Runs.Records;
using FixupNet.Runs.Studies;

namespace FixupNet.Experiments.Sweeps;

/// <summary>States of trials, as workers see them.</summary>
internal static class TrialStates
{
    /// <summary>Reads a trial's state; one whose record is damaged counts as failed, so that it is passed over, and can be retried.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static TrialState Read(TrialDirectory trial)
    {
        try
        {
            return trial.ReadState();
        }
        catch (InvalidDataException)
        {
            return TrialState.Failed;
        }
    }

    /// <summary>Whether there is nothing left to do of a trial: neither training nor a study of its network.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static bool IsDone(SweepDirectory sweep, TrialDirectory trial) => HasEnded(Read(trial)) && !LacksAnswers(sweep, trial);

    /// <summary>Whether the network of a trial has yet to be asked what the sweep asks.</summary>
    public static bool LacksAnswers(SweepDirectory sweep, TrialDirectory trial)
    {
        try
        {
            return StudyAnswers.Missing(sweep, trial).Count > 0;
        }
        catch (InvalidDataException)
        {
            // The process that asks tells what is damaged; of a trial whose result is, nothing is asked.
            return Read(trial) == TrialState.Completed;
        }
    }

    /// <summary>Whether a trial in a state is not to be run.</summary>
    public static bool HasEnded(TrialState state) => state is not (TrialState.Pending or TrialState.Running or TrialState.Interrupted);
}
