using FixupNet.Engine.Cuda.Interop;

namespace FixupNet.Engine.Cuda;

/// <summary>A stream beside the main one: work that the main one does not wait for until its memory is needed again.</summary>
internal sealed class SideStream : IDisposable
{
    private readonly nint _stream;
    private readonly nint _begin;
    private readonly nint[] _ends;

    /// <param name="slots">Pieces of work under way at once, each with memory of its own.</param>
    internal SideStream(int slots)
    {
        CudaMethods.Check(CudaMethods.fixupnet_cuda_stream_create(out _stream));
        CudaMethods.Check(CudaMethods.fixupnet_cuda_event_create(out _begin));
        _ends = new nint[slots];
        for (var i = 0; i < slots; i++) CudaMethods.Check(CudaMethods.fixupnet_cuda_event_create(out _ends[i]));
    }

    /// <summary>Queues work that begins when what the main stream holds so far is done.</summary>
    /// <param name="main">The main stream.</param>
    /// <param name="slot">The memory it reads.</param>
    /// <param name="work">Queues it on the stream it is given.</param>
    internal void Run(nint main, int slot, Action<nint> work)
    {
        CudaMethods.Check(CudaMethods.fixupnet_cuda_event_record(_begin, main));
        CudaMethods.Check(CudaMethods.fixupnet_cuda_stream_wait(_stream, _begin));
        work(_stream);
        CudaMethods.Check(CudaMethods.fixupnet_cuda_event_record(_ends[slot], _stream));
    }

    /// <summary>Makes the main stream wait for the last work of a slot.</summary>
    internal void Await(nint main, int slot) => CudaMethods.Check(CudaMethods.fixupnet_cuda_stream_wait(main, _ends[slot]));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var end in _ends) CudaMethods.fixupnet_cuda_event_destroy(end);
        CudaMethods.fixupnet_cuda_event_destroy(_begin);
        CudaMethods.fixupnet_cuda_stream_destroy(_stream);
    }
}
