using FixupNet.Runs;
using FixupNet.Runs.Records;

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

    /// <summary>Whether a trial in a state is not to be run.</summary>
    public static bool HasEnded(TrialState state) => state is not (TrialState.Pending or TrialState.Running or TrialState.Interrupted);
}
