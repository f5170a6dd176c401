using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Tells from a process's end and from the summary how a trial ended; the summary counts more.</summary>
internal static class TrialVerdict
{
    /// <summary>Exit code of a trial whose folder another process works in.</summary>
    public const int InUse = 76;

    /// <summary>Exit code of a trial whose data are corrupt or do not match.</summary>
    public const int BadData = 65;

    /// <summary>Exit code of what ended on request.</summary>
    public const int Interrupted = 75;

    private const int FirstSignal = 128;

    public static (TrialState State, string? Reason) Of(TrialExit exit, TrialState? summary, bool wasAskedToEnd)
    {
        if (summary is { } state) return (state, state == TrialState.Failed ? Reason(exit) : null);
        // Ctrl-C reaches the trial as well, and ends it at once where it had not yet begun to take signals.
        var isInterrupted = exit.Code == Interrupted || (wasAskedToEnd && exit.Code > FirstSignal);
        return isInterrupted ? (TrialState.Interrupted, null) : (TrialState.Failed, Reason(exit));
    }

    private static string Reason(TrialExit exit)
    {
        if (exit.WasOutOfMemory) return "oom: the system killed it for want of memory";
        if (exit.Code > FirstSignal) return $"{(exit.Code == FirstSignal + 9 ? "killed" : "ended")} by signal {exit.Code - FirstSignal}";
        return exit.LastErrorLines.Count > 0 ? exit.LastErrorLines[^1] : $"exit code {exit.Code} without a message";
    }
}
