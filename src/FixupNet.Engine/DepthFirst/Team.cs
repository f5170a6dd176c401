using System.Runtime.ExceptionServices;

namespace FixupNet.Engine.DepthFirst;

/// <summary>A fixed number of threads that do the same work on different shares.</summary>
internal sealed class Team : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim[] _starts;
    private readonly CountdownEvent _running;
    private readonly Exception?[] _failures;
    private readonly Thread[] _threads;
    private Action<int>? _work;

    internal Team(int size)
    {
        _starts = [.. Enumerable.Range(0, size).Select(_ => new SemaphoreSlim(0))];
        _running = new CountdownEvent(size);
        _failures = new Exception?[size];
        _threads = [.. Enumerable.Range(0, size).Select(index => new Thread(() => Loop(index)) { IsBackground = true, Name = $"engine worker {index}" })];
        foreach (var thread in _threads) thread.Start();
    }

    internal int Size => _threads.Length;

    /// <summary>Calls work(index) on every thread and waits; the first exception, by index, is thrown here.</summary>
    internal void Run(Action<int> work)
    {
        lock (_gate)
        {
            _work = work;
            _running.Reset();
            foreach (var start in _starts) start.Release();
            _running.Wait();
            var failure = _failures.FirstOrDefault(failure => failure is not null);
            Array.Clear(_failures);
            if (failure is not null) ExceptionDispatchInfo.Throw(failure);
        }
    }

    public void Dispose()
    {
        _work = null;
        foreach (var start in _starts) start.Release();
        foreach (var thread in _threads) thread.Join();
        foreach (var start in _starts) start.Dispose();
        _running.Dispose();
    }

    private void Loop(int index)
    {
        while (true)
        {
            _starts[index].Wait();
            if (_work is not { } work) return;
            try
            {
                work(index);
            }
#pragma warning disable CA1031 // It is thrown again where the work was asked for.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _failures[index] = exception;
            }
            _running.Signal();
        }
    }
}
