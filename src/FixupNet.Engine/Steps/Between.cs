using FixupNet.Residual;
using TorchSharp.Modules;

namespace FixupNet.Engine.Steps;

/// <summary>
/// What stands before, between and after a branch's convolutions: ReLU(gain·(norm(v), or constant·factor·v + bias)) + shift; all but the value itself may lack.
/// </summary>
/// <param name="Norm">A normalization; it stands alone before the ReLU.</param>
/// <param name="Factor">A learned multiplier.</param>
/// <param name="Constant">A constant one.</param>
/// <param name="Bias">A number added before the ReLU.</param>
/// <param name="HasRelu">Whether there is a ReLU.</param>
/// <param name="Gain">What it is multiplied by.</param>
/// <param name="Shift">A number added after it.</param>
internal sealed record Between(NormalizeStep? Norm, Parameter? Factor, double Constant, Parameter? Bias, bool HasRelu, double Gain, Parameter? Shift)
{
    /// <summary>Whether a learned or constant number, or a normalization, changes what goes in.</summary>
    internal bool IsScaled => Norm is not null || Factor is not null || Constant != 1;

    /// <summary>Takes as many steps as fit.</summary>
    internal static Between Read(StepReader steps)
    {
        var norm = steps.May<NormalizeStep>();
        var factor = norm is null ? steps.May<MultiplyStep>() : null;
        var constant = norm is null ? steps.May<ScaleStep>() : null;
        var bias = norm is null ? steps.May<ShiftStep>() : null;
        var relu = steps.May<ReluStep>();
        var shift = relu is null ? null : steps.May<ShiftStep>();
        return new Between(norm, factor?.Factor, constant?.Factor ?? 1, bias?.Bias, relu is not null, relu?.Gain ?? 1, shift?.Bias);
    }
}
