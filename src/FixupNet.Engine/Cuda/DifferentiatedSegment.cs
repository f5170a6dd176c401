using FixupNet.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Engine.Cuda;

/// <summary>Stages run by libtorch's operators and differentiated by its automatic differentiation.</summary>
/// <param name="network">The network that they belong to.</param>
/// <param name="parts">The stages; of every part but the last only the input is kept, and the rest computed again in the backward pass.</param>
/// <param name="isFirst">Whether its input are the images, which have no gradient.</param>
/// <param name="bfloat16">Whether operations that gain from bfloat16 take it.</param>
/// <param name="device">Kind of device.</param>
internal sealed class DifferentiatedSegment(
    ResidualNetwork network, IReadOnlyList<IReadOnlyList<NetworkStage>> parts, bool isFirst, bool bfloat16, DeviceType device) : ISegment
{
    private readonly List<Tensor> _inputs = [];
    private Tensor? _output;

    /// <inheritdoc/>
    public long Bytes => 0;

    /// <inheritdoc/>
    public void BeginStep(nint stream) { }

    /// <inheritdoc/>
    public void Prepare(int images, bool accumulate) { }

    /// <inheritdoc/>
    public Tensor Forward(nint stream, Tensor input)
    {
        _inputs.Add(input.detach().requires_grad_(!isFirst));
        using (no_grad())
            foreach (var part in parts.SkipLast(1)) _inputs.Add(Run(part, _inputs[^1]).requires_grad_());
        _output = Run(parts[^1], _inputs[^1]);
        if (bfloat16) _output = _output.to(ScalarType.Float32);
        return _output;
    }

    /// <inheritdoc/>
    public Tensor? Backward(nint stream, Tensor gradient, bool accumulate)
    {
        autograd.backward([_output!], [gradient]);
        BackwardAgain();
        var result = isFirst ? null : _inputs[0].grad;
        _inputs.Clear();
        _output = null;
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private void BackwardAgain()
    {
        if (parts.Count == 1) return;
        // The forward pass has counted in the running statistics what is seen here again.
        using var statistics = new BufferSnapshot(network);
        for (var i = parts.Count - 2; i >= 0; i--)
        {
            using var next = _inputs[i + 1];
            using var gradient = next.grad;
            using var output = Run(parts[i], _inputs[i]);
            autograd.backward([output], [gradient!]);
        }
    }

    private Tensor Run(IReadOnlyList<NetworkStage> part, Tensor input)
    {
        if (!bfloat16) return NetworkStage.Run(part, input);
        using var autocast = CudaRuntime.AutocastBFloat16(device);
        return NetworkStage.Run(part, input);
    }
}
