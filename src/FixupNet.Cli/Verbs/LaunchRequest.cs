using FixupNet.Experiments.Launchers;

namespace FixupNet.Cli.Verbs;

/// <summary>What "sweep run" is to launch elsewhere.</summary>
/// <param name="Slurm">What workers ask of Slurm; null for the other.</param>
/// <param name="Kubernetes">What workers ask of Kubernetes; null for the other.</param>
/// <param name="IsPrinted">Whether the script is shown instead of submitted.</param>
internal sealed record LaunchRequest(SlurmOptions? Slurm, KubernetesOptions? Kubernetes, bool IsPrinted)
{
    /// <summary>Workers; null for as many as there is work for.</summary>
    public int? Workers { get; init; }

    /// <summary>Workers of one job array at most; null for the site's limit.</summary>
    public int? ArraySize { get; init; }
}
