using System.Diagnostics;

namespace FixupNet.Training.Data.Images;

/// <summary>Makes what will be asked for next on threads of its own, so that whoever asks need not wait.</summary>
/// <typeparam name="TKey">Names what is made; what is made depends on it alone.</typeparam>
/// <typeparam name="TValue">What is made.</typeparam>
/// <param name="make">Makes one, on any thread.</param>
/// <param name="next">What will be asked for after one; null for nothing.</param>
/// <param name="ahead">How many are made before they are asked for, at least 0.</param>
public sealed class ReadAhead<TKey, TValue>(Func<TKey, CancellationToken, TValue> make, Func<TKey, TKey?> next, int ahead) : IDisposable
    where TKey : struct
{
    private readonly Dictionary<TKey, Task<TValue>> _made = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Stopwatch _waited = new();

    /// <summary>How long callers have waited so far.</summary>
    public TimeSpan Waited => _waited.Elapsed;

    /// <summary>Gives what a key names, and begins with those that come after it.</summary>
    /// <param name="key">The key.</param>
    public TValue Get(TKey key)
    {
        var wanted = new HashSet<TKey> { key };
        for (TKey? following = next(key); following is { } known && wanted.Count <= ahead; following = next(known)) wanted.Add(known);
        // Somebody who asks for something else than was expected wants none of it.
        foreach (var stale in _made.Keys.Where(made => !wanted.Contains(made)).ToList()) _made.Remove(stale);
        foreach (var missing in wanted.Where(name => !_made.ContainsKey(name)).ToList()) _made[missing] = Task.Run(() => make(missing, _stop.Token), _stop.Token);
        _made.Remove(key, out var task);
        _waited.Start();
        try
        {
            return task!.GetAwaiter().GetResult();
        }
        finally
        {
            _waited.Stop();
        }
    }

    /// <summary>Stops what is being made.</summary>
    public void Dispose()
    {
        if (_stop.IsCancellationRequested) return;
        _stop.Cancel();
        foreach (var task in _made.Values) task.ContinueWith(ended => ended.Exception, TaskScheduler.Default);
        _made.Clear();
        _stop.Dispose();
    }
}
