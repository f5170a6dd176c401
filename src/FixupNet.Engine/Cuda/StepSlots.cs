using FixupNet.Engine.Cuda.Interop;

namespace FixupNet.Engine.Cuda;

/// <summary>What steps under way take from the host and give it, in memory that the card copies by itself; one slot a step, used in turn.</summary>
internal sealed unsafe class StepSlots : IDisposable
{
    // λ, 1 − λ, then the numbers of the update: of SGD the learning rates.
    internal const int Lambda = 0;
    internal const int FirstNumber = 2;

    private readonly int _settingCount;
    private readonly int _resultCount;
    private readonly nint _settings;
    private readonly nint _results;
    private readonly nint[] _done;

    /// <summary>Takes the memory.</summary>
    /// <param name="count">Steps that may be under way or unread at once, at least 1.</param>
    /// <param name="settingCount">float64 numbers that a step takes.</param>
    /// <param name="resultCount">float64 numbers that it gives.</param>
    internal StepSlots(int count, int settingCount, int resultCount)
    {
        (_settingCount, _resultCount) = (settingCount, resultCount);
        CudaMethods.Check(CudaMethods.fixupnet_cuda_pinned_create(count * SettingBytes, out _settings));
        CudaMethods.Check(CudaMethods.fixupnet_cuda_pinned_create(count * ResultBytes, out _results));
        _done = new nint[count];
        for (var i = 0; i < count; i++) CudaMethods.Check(CudaMethods.fixupnet_cuda_event_create(out _done[i]));
    }

    private long SettingBytes => _settingCount * sizeof(double);

    private long ResultBytes => _resultCount * sizeof(double);

    /// <summary>Queues the copy of a step's settings to the card.</summary>
    internal void Begin(long step, nint stream, nint onCard, ReadOnlySpan<double> settings)
    {
        var slot = _settings + (nint)(step % _done.Length * SettingBytes);
        settings.CopyTo(new Span<double>((void*)slot, _settingCount));
        CudaMethods.Check(CudaMethods.fixupnet_cuda_copy(stream, onCard, slot, SettingBytes));
    }

    /// <summary>Queues the copy of a step's results from the card.</summary>
    internal void End(long step, nint stream, nint onCard)
    {
        CudaMethods.Check(CudaMethods.fixupnet_cuda_copy(stream, ResultsOf(step), onCard, ResultBytes));
        CudaMethods.Check(CudaMethods.fixupnet_cuda_event_record(_done[step % _done.Length], stream));
    }

    /// <summary>Waits for a step; its results are there until its slot's next step begins.</summary>
    internal ReadOnlySpan<double> Wait(long step)
    {
        CudaMethods.Check(CudaMethods.fixupnet_cuda_event_synchronize(_done[step % _done.Length]));
        return new ReadOnlySpan<double>((void*)ResultsOf(step), _resultCount);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var done in _done) CudaMethods.fixupnet_cuda_event_destroy(done);
        CudaMethods.fixupnet_cuda_pinned_destroy(_settings);
        CudaMethods.fixupnet_cuda_pinned_destroy(_results);
    }

    private nint ResultsOf(long step) => _results + (nint)(step % _done.Length * ResultBytes);
}
