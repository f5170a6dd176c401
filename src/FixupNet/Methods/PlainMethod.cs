using FixupNet.Residual;

namespace FixupNet.Methods;

/// <summary>Nothing: Fixup's graph without its scalars. Positively homogeneous of degree 1 but for the classifier's bias.</summary>
public sealed record PlainMethod : PostActivation
{
    /// <inheritdoc/>
    public override IReadOnlyCollection<ParameterRole> ScalarRoles => [ParameterRole.ClassifierBias];
}
