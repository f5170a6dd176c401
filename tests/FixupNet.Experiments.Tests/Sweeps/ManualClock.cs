namespace FixupNet.Experiments.Tests.Sweeps;

/// <summary>A clock that stands still until it is moved. Whoever waits moves it and need not wait; what repeats never comes by itself.</summary>
/// <param name="wait">What happens while someone waits.</param>
internal sealed class ManualClock(Action? wait = null) : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + TimeSpan.FromTicks(GetTimestamp());

    public void Advance(double seconds) => Interlocked.Add(ref _now, TimeSpan.FromSeconds(seconds).Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == Timeout.InfiniteTimeSpan || period != Timeout.InfiniteTimeSpan)
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Advance(dueTime.TotalSeconds);
        wait?.Invoke();
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
