using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>Work of a card recorded once and launched as a whole, however many kernels it holds; PyTorch's torch.cuda.CUDAGraph.</summary>
public sealed class CudaGraph : IDisposable
{
    private nint _graph;

    /// <summary>Creates an empty graph.</summary>
    public CudaGraph() => NativeMethods.Check(NativeMethods.fx_cuda_graph_create(out _graph));

    /// <summary>Frees a graph that nobody disposed.</summary>
    ~CudaGraph() => Dispose();

    /// <summary>Records the work that an action queues on this thread's stream; nothing of it is done yet.</summary>
    /// <param name="queue">Queues the work: it may wait for nothing, and copy nothing to the host.</param>
    /// <param name="share">A graph that never runs at the same time, whose memory this one may use; null for memory of its own.</param>
    public void Capture(Action queue, CudaGraph? share = null)
    {
        NativeMethods.Check(NativeMethods.fx_cuda_graph_begin(_graph, share?._graph ?? 0));
        try
        {
            queue();
        }
        catch
        {
            // The stream must leave its recording whatever went wrong; the first error is the one to tell.
            _ = NativeMethods.fx_cuda_graph_end(_graph);
            throw;
        }
        NativeMethods.Check(NativeMethods.fx_cuda_graph_end(_graph));
    }

    /// <summary>Queues all the work once more.</summary>
    public void Replay() => NativeMethods.Check(NativeMethods.fx_cuda_graph_replay(_graph));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_graph != 0) NativeMethods.fx_cuda_graph_release(_graph);
        _graph = 0;
        GC.SuppressFinalize(this);
    }
}
