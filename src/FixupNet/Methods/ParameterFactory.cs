using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Methods;

/// <summary>Makes parameters that live as long as their module, even when it is built inside a dispose scope.</summary>
internal static class ParameterFactory
{
    /// <summary>A float32 parameter on the CPU with the same value everywhere.</summary>
    internal static Parameter Constant(double value, params long[] shape)
    {
        var parameter = new Parameter(full(shape, value, dtype: ScalarType.Float32, device: CPU));
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
