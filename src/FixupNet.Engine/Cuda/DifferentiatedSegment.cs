using FixupNet.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Engine.Cuda;

/// <summary>Stages run by libtorch's operators and differentiated by its automatic differentiation.</summary>
/// <param name="stages">The stages.</param>
/// <param name="isFirst">Whether its input are the images, which have no gradient.</param>
/// <param name="bfloat16">Whether operations that gain from bfloat16 take it.</param>
/// <param name="device">Kind of device.</param>
internal sealed class DifferentiatedSegment(IReadOnlyList<NetworkStage> stages, bool isFirst, bool bfloat16, DeviceType device) : ISegment
{
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
        _output = Run(_input);
        return _output;
    }

    /// <inheritdoc/>
    public Tensor? Backward(nint stream, Tensor gradient, bool accumulate)
    {
        autograd.backward([_output!], [gradient]);
        var result = isFirst ? null : _input!.grad;
        (_input, _output) = (null, null);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private Tensor Run(Tensor input)
    {
        if (!bfloat16) return NetworkStage.Run(stages, input);
        using var scope = NewDisposeScope();
        using var autocast = CudaRuntime.AutocastBFloat16(device);
        return NetworkStage.Run(stages, input).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }
}
