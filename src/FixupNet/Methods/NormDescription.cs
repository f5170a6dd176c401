using FixupNet.Residual;
using TorchSharp.Modules;

namespace FixupNet.Methods;

/// <summary>Describes the framework's own normalization layer in the library's vocabulary.</summary>
internal static class NormDescription
{
    internal static NormLayer Describe(this BatchNorm2d norm, string name) =>
        new(name, norm.weight, norm.bias ?? throw new ArgumentException("The normalization layer has no shift.", nameof(norm)));
}
