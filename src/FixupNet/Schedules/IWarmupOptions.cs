namespace FixupNet.Schedules;

/// <summary>Options of a schedule that begins with a warm-up.</summary>
public interface IWarmupOptions
{
    /// <summary>Epochs of warm-up, 0 for none.</summary>
    double WarmupEpochs { get; }

    /// <summary>Whether the schedule has no meaning for a run that is not longer than its warm-up.</summary>
    bool NeedsLongerRun { get; }
}
