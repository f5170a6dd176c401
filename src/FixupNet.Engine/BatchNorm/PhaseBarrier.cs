namespace FixupNet.Engine.BatchNorm;

/// <summary>Where workers take parts of a phase, and wait for each other at its end.</summary>
/// <param name="workers">Workers.</param>
internal sealed class PhaseBarrier(int workers)
{
    private int _next;
    private int _arrived;
    private int _phase;
    private volatile bool _isAbandoned;

    /// <summary>Begins a step.</summary>
    internal void Reset() => (_next, _arrived, _isAbandoned) = (0, 0, false);

    /// <summary>The next part that nobody has taken.</summary>
    internal int Take() => Interlocked.Increment(ref _next) - 1;

    /// <summary>Waits for all workers; the last to come finishes the phase for all of them.</summary>
    /// <exception cref="OperationCanceledException">Another worker failed: there is nothing to wait for.</exception>
    internal void Wait(Action finish)
    {
        var phase = Volatile.Read(ref _phase);
        if (Interlocked.Increment(ref _arrived) == workers)
        {
            finish();
            (_next, _arrived) = (0, 0);
            Volatile.Write(ref _phase, phase + 1);
            return;
        }
        var wait = new SpinWait();
        while (Volatile.Read(ref _phase) == phase)
        {
            if (_isAbandoned) throw new OperationCanceledException("another worker failed");
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Tells all that wait that the phase will not end.</summary>
    internal void Abandon() => _isAbandoned = true;
}
