using FixupNet.Registries;

namespace FixupNet.Experiments.Launchers;

/// <summary>What the workers of a sweep ask of a Kubernetes cluster.</summary>
/// <param name="Common">What they get from any launcher.</param>
/// <param name="Image">Container image whose entry point is this program.</param>
/// <param name="VolumeClaim">Claim of a volume that all workers can write to; its root is the folder that holds the sweep's folder.</param>
/// <param name="ClusterNamespace">Namespace of the cluster; null for that of whoever applies the file.</param>
public sealed record KubernetesOptions(LaunchOptions Common, string Image, string VolumeClaim, string? ClusterNamespace = null) : IValidatedOptions
{
    /// <inheritdoc/>
    public IEnumerable<(string Member, string Message)> Validate() =>
    [
        .. Common.Validate(),
        .. LaunchProblems.OfText(nameof(Image), Image, LaunchValue.Image),
        .. LaunchProblems.OfText(nameof(VolumeClaim), VolumeClaim, LaunchValue.ClusterName),
        .. LaunchProblems.OfText(nameof(ClusterNamespace), ClusterNamespace, LaunchValue.ClusterName),
    ];
}
