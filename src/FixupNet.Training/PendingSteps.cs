using FixupNet.Runs.Checkpoints;

namespace FixupNet.Training;

/// <summary>Steps that were started and not read yet, the oldest first, and the time that steps have taken.</summary>
/// <param name="clock">Tells the time.</param>
/// <param name="seconds">Time of the steps before.</param>
internal sealed class PendingSteps(TimeProvider clock, double seconds)
{
    private readonly Queue<(TrainingPosition Before, TrainingPosition Next, double Factor, long Started, IPendingStep Step)> _steps = [];
    private long _lastRead = long.MinValue;

    /// <summary>Steps not read.</summary>
    internal int Count => _steps.Count;

    /// <summary>Time in training steps so far, in seconds; steps under way at once count once.</summary>
    internal double Seconds { get; private set; } = seconds;

    /// <summary>Adds a step.</summary>
    /// <param name="before">The point before it.</param>
    /// <param name="next">The point it leads to.</param>
    /// <param name="factor">Its learning-rate factor.</param>
    /// <param name="started">When work on it began.</param>
    /// <param name="step">The step.</param>
    internal void Add(TrainingPosition before, TrainingPosition next, double factor, long started, IPendingStep step) =>
        _steps.Enqueue((before, next, factor, started, step));

    /// <summary>Waits for the oldest step.</summary>
    internal (TrainingPosition Before, TrainingPosition Next, double Factor, StepResult Result) Read()
    {
        var (before, next, factor, started, step) = _steps.Dequeue();
        var result = step.Read();
        var now = clock.GetTimestamp();
        Seconds += clock.GetElapsedTime(Math.Max(started, _lastRead), now).TotalSeconds;
        _lastRead = now;
        return (before, next, factor, result);
    }
}
