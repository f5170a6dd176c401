using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FixupNet.Execution;

/// <summary>Computes steps with libtorch's operators, over what it took wherever backward does not need that: every pass over memory counts.</summary>
internal static class StepRunner
{
    // The published code's; PyTorch's default too.
    private const double NormEpsilon = 1e-5;

    // arXiv:2101.08692's published code.
    private const double SmallestVariance = 1e-4;

    /// <summary>What a step gave, and whether the next may write over it.</summary>
    internal readonly record struct Signal(Tensor Value, bool IsFree);

    /// <summary>Runs steps one after the other.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="input">What the first of them takes.</param>
    /// <param name="layerOutput">Called with the name and output of each weight layer, which it may change in place; null where nobody looks.</param>
    internal static Signal Run(IEnumerable<Step> steps, Signal input, Action<string, Tensor>? layerOutput = null) => steps.Aggregate(input, (signal, step) =>
    {
        var output = Run(step, signal);
        if (step.Layer is { } layer) layerOutput?.Invoke(layer.Name, output.Value);
        return output;
    });

    /// <summary>Runs a branch, its shortcut, their sum and what follows it.</summary>
    /// <param name="branch">The branch, of steps.</param>
    /// <param name="input">Activations [N,C_in,H,W], which stay the caller's.</param>
    /// <param name="layerOutput">Called with the name and output of each weight layer, which it may change in place; null where nobody looks.</param>
    /// <returns>Fresh tensor [N,C_out,H',W'].</returns>
    internal static Tensor Run(ResidualBranch branch, Tensor input, Action<string, Tensor>? layerOutput = null)
    {
        using var scope = NewDisposeScope();
        var start = Run(branch.Steps.Take(branch.ShortcutStart), new Signal(input, IsFree: false), layerOutput) with { IsFree = false };
        var residual = Run(branch.Steps.Skip(branch.ShortcutStart), start, layerOutput);
        var shortcut = Run(branch.ShortcutSteps, start, layerOutput).Value;
        var sum = residual.IsFree ? residual.Value.add_(shortcut) : residual.Value + shortcut;
        return Run(branch.AfterSum, new Signal(sum, IsFree: true)).Value.MoveToOuterDisposeScope();
    }

    private static Signal Run(Step step, Signal signal)
    {
        var input = signal.Value;
        var output = step switch
        {
            ConvolveStep convolve => Convolve(convolve, input),
            LinearStep { Linear: var layer } => functional.linear(input, layer.Weight, layer.Bias),
            ShiftStep { Subtracts: true, Bias: var bias } => signal.IsFree ? input.sub_(bias) : input - bias,
            ShiftStep { Bias: var bias } => signal.IsFree ? input.add_(bias) : input + bias,
            MultiplyStep { Factor: var factor } => input * factor,
            ScaleStep { Factor: var factor } => signal.IsFree ? input.mul_(factor) : input * factor,
            NormalizeStep { Running: { } module } => module.call(input),
            NormalizeStep { Norm: { Scope: NormScope.Position } norm } => functional.layer_norm(input, norm.Weight.shape, norm.Weight, norm.Bias, NormEpsilon),
            NormalizeStep { Norm: var norm, GroupCount: var groups } => functional.group_norm(input, groups, norm.Weight, norm.Bias, NormEpsilon),
            ReluStep { Gain: var gain } => Relu(signal, gain),
            DropStep drop => DropMask.Of(drop, input) is { } mask ? input * mask : signal.IsFree ? input : input.alias(),
            OpaqueStep opaque => opaque.Run(input),
            PoolStep => input.mean([2L, 3L]),
            MaxPoolStep { Kernel: var kernel, Stride: var stride } => functional.max_pool2d(input, kernel_size: kernel, stride: stride, padding: kernel / 2),
            SubsampleStep { Stride: var stride } => functional.avg_pool2d(input, kernel_size: 1, stride: stride),
            PadStep { Channels: var channels } => functional.pad(input, [0L, 0L, 0L, 0L, 0L, channels]),
            _ => throw new NotSupportedException($"{step} has no way of being computed."),
        };
        return new Signal(output, !step.KeepsOutput);
    }

    private static Tensor Relu(Signal signal, double gain)
    {
        var positive = signal.IsFree ? signal.Value.relu_() : signal.Value.relu();
        return gain == 1 ? positive : positive * gain;
    }

    private static Tensor Convolve(ConvolveStep step, Tensor input)
    {
        var (stride, padding) = ((long)step.Stride, step.Kernel / 2L);
        var weight = step.Conv.Gain is null ? step.Conv.Weight : Standardized(step.Conv);
        return functional.conv2d(input, weight, step.Conv.Bias, [stride, stride], [padding, padding]);
    }

    // g (W − mean) / √max(N·var, 1e-4) over the N inputs of each output channel; arXiv:2101.08692.
    private static Tensor Standardized(WeightLayer layer)
    {
        var rows = layer.Weight.view(layer.Weight.shape[0], -1);
        var centered = rows - rows.mean([1L], keepdim: true);
        var deviation = centered.square().sum(1, keepdim: true).clamp(min: (Scalar)SmallestVariance).sqrt();
        return (layer.Gain!.view(-1, 1) * centered / deviation).view(layer.Weight.shape);
    }
}
