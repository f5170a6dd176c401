using FixupNet.Residual;
using static TorchSharp.torch.nn;

namespace FixupNet.Methods;

/// <summary>Batch normalization (arXiv:1502.03167): the baseline published with Fixup.</summary>
public sealed record BatchNormMethod : NormMethod
{
    /// <inheritdoc/>
    public override IReadOnlyCollection<ParameterRole> ScalarRoles => [ParameterRole.Shift, ParameterRole.ClassifierBias];

    /// <inheritdoc/>
    public override bool UsesBatchStatistics => true;

    private protected override string Prefix => "bn";

    private protected override NormalizeStep Normalize(string name, int channels)
    {
        var module = BatchNorm2d(channels);
        return new NormalizeStep(module.Describe(name), Running: module);
    }
}
