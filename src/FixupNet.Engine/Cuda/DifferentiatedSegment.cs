using FixupNet.Execution;
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
    private readonly RecomputedChain _chain = new(network, parts, (part, input) => Run(part, input, bfloat16, device));
    private Tensor? _input;
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
        _input = input.detach().requires_grad_(!isFirst);
        _output = _chain.Forward(_input);
        if (bfloat16) _output = _output.to(ScalarType.Float32);
        return _output;
    }

    /// <inheritdoc/>
    public Tensor? Backward(nint stream, Tensor gradient, bool accumulate)
    {
        autograd.backward([_output!], [gradient]);
        _chain.Backward();
        var result = isFirst ? null : _input!.grad;
        (_input, _output) = (null, null);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private static Tensor Run(IReadOnlyList<NetworkStage> part, Tensor input, bool bfloat16, DeviceType device)
    {
        if (!bfloat16) return NetworkStage.Run(part, input);
        using var autocast = CudaRuntime.AutocastBFloat16(device);
        return NetworkStage.Run(part, input);
    }
}
