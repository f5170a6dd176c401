using System.Runtime.InteropServices;

namespace FixupNet.Engine.DepthFirst;

/// <summary>The sums of gradients, each shared by some workers, who add to it in an order that never changes.</summary>
internal sealed unsafe class GradientSums : IDisposable
{
    private const int Spins = 1000;
    private readonly EnginePlan _plan;
    private readonly ZeroedMemory[] _memory;
    private readonly int[][] _turns;
    private volatile bool _isAbandoned;

    internal GradientSums(EnginePlan plan)
    {
        _plan = plan;
        var slots = plan.GradientSlots;
        _memory = [.. Enumerable.Range(0, plan.SumCount).Select(sum => new ZeroedMemory((sum == 0 ? slots.FirstSumElements : slots.SumElements) * sizeof(float)))];
        _turns = [.. _memory.Select(_ => new int[slots.Count])];
    }

    internal int Count => _memory.Length;

    /// <summary>The sum that a worker adds to; its workers are neighbours.</summary>
    internal int SumOf(int worker) => (int)((long)worker * Count / _plan.Options.Workers);

    /// <summary>A worker's place in the order of those that share its sum.</summary>
    internal int PlaceOf(int worker) => Enumerable.Range(0, worker).Count(other => SumOf(other) == SumOf(worker));

    /// <summary>Workers that share a worker's sum.</summary>
    internal int SharersOf(int worker) => Enumerable.Range(0, _plan.Options.Workers).Count(other => SumOf(other) == SumOf(worker));

    internal float* Values(int sum, GradientSlot slot) =>
        sum > 0 ? (float*)_memory[sum].Start + slot.Offset
        : slot.FirstOffset < 0 ? slot.Parameter.Gradient
        : (float*)_memory[0].Start + slot.FirstOffset;

    internal void SetToZero(int sum)
    {
        _isAbandoned = false;
        for (var i = 0; i < _plan.GradientSlots.Count; i++)
        {
            var slot = _plan.GradientSlots[i];
            if (slot.Count > 0) NativeMemory.Clear(Values(sum, slot), (nuint)slot.SumCount * sizeof(float));
            _turns[sum][i] = 0;
        }
    }

    /// <summary>Waits until everyone before this turn has added to a slot.</summary>
    /// <exception cref="OperationCanceledException">Another worker failed: there is nothing to wait for.</exception>
    internal void Wait(int sum, int slot, int turn)
    {
        for (var spins = 0; Volatile.Read(ref _turns[sum][slot]) != turn; spins++)
        {
            if (spins < Spins)
            {
                Thread.SpinWait(1);
                continue;
            }
            if (_isAbandoned) throw new OperationCanceledException("another worker failed");
            Thread.Yield();
        }
    }

    internal void PassOn(int sum, int slot) => Volatile.Write(ref _turns[sum][slot], _turns[sum][slot] + 1);

    /// <summary>Tells all that wait that their turn will not come.</summary>
    internal void Abandon() => _isAbandoned = true;

    public void Dispose()
    {
        foreach (var memory in _memory) memory.Dispose();
    }
}
