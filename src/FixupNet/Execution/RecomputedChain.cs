using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Execution;

/// <summary>
/// A forward pass that keeps only what every segment of a network took, then segment by segment, last first, forward again and backward:
/// memory grows with the square root of the depth, for one more forward pass.
/// </summary>
/// <remarks>arXiv:1604.06174. The gradients are those of a pass that keeps everything, for every segment computes the same numbers twice.</remarks>
/// <param name="network">The network, whose running statistics count every batch once.</param>
/// <param name="segments">At least one, in forward order; with one alone nothing is computed again.</param>
/// <param name="run">Computes a segment; null for <see cref="NetworkStage.Run"/>.</param>
public sealed class RecomputedChain(
    ResidualNetwork network, IReadOnlyList<IReadOnlyList<NetworkStage>> segments, Func<IReadOnlyList<NetworkStage>, Tensor, Tensor>? run = null)
{
    private readonly List<Tensor> _inputs = [];

    /// <summary>Runs forward, the last segment with gradients: its forward pass is the first and only one.</summary>
    /// <param name="input">What the first segment takes; it stays the caller's, and has the gradient after <see cref="Backward"/> if it requires one.</param>
    /// <returns>What the last segment gives.</returns>
    public Tensor Forward(Tensor input)
    {
        _inputs.Clear();
        _inputs.Add(input);
        using (no_grad())
            foreach (var segment in segments.SkipLast(1)) _inputs.Add(Run(segment, _inputs[^1]).requires_grad_());
        return Run(segments[^1], _inputs[^1]);
    }

    /// <summary>Runs the other segments forward again and backward, once the output of the last <see cref="Forward"/> has been differentiated.</summary>
    public void Backward()
    {
        if (segments.Count == 1) return;
        // The forward pass has counted in the running statistics what is seen here again.
        using var statistics = new BufferSnapshot(network);
        for (var i = segments.Count - 2; i >= 0; i--)
        {
            using var gradient = _inputs[i + 1].grad;
            _inputs[i + 1].Dispose();
            using var output = Run(segments[i], _inputs[i]);
            output.backward([gradient!]);
        }
    }

    private Tensor Run(IReadOnlyList<NetworkStage> segment, Tensor input) => run is null ? NetworkStage.Run(segment, input) : run(segment, input);
}
