using FixupNet.Registries;

namespace FixupNet.Experiments.Launchers;

/// <summary>What the workers of a sweep ask of a Slurm site; what is null is left to the site.</summary>
/// <param name="Common">What they get from any launcher.</param>
/// <param name="TimeLimit">Time of a job, 1 minute at least and longer than <see cref="LaunchOptions.GraceSeconds"/>.</param>
/// <param name="Partition">Partitions.</param>
/// <param name="Account">Account to charge.</param>
/// <param name="Qos">Quality of service.</param>
/// <param name="Gres">Generic resources, such as "gpu:1".</param>
public sealed record SlurmOptions(
    LaunchOptions Common, TimeSpan? TimeLimit = null, string? Partition = null, string? Account = null, string? Qos = null, string? Gres = null)
    : IValidatedOptions
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(3660);

    /// <inheritdoc/>
    public IEnumerable<(string Member, string Message)> Validate() =>
    [
        .. Common.Validate(),
        .. ValidateTimeLimit(),
        .. LaunchProblems.OfText(nameof(Partition), Partition, LaunchValue.Names),
        .. LaunchProblems.OfText(nameof(Account), Account, LaunchValue.Names),
        .. LaunchProblems.OfText(nameof(Qos), Qos, LaunchValue.Names),
        .. LaunchProblems.OfText(nameof(Gres), Gres, LaunchValue.Resources),
    ];

    private IEnumerable<(string Member, string Message)> ValidateTimeLimit()
    {
        if (TimeLimit is not { } limit) yield break;
        if (limit < TimeSpan.FromMinutes(1) || limit > s_longest)
            yield return (nameof(TimeLimit), $"is {LaunchTime.Text(limit)}; must be from a minute to ten years");
        else if (limit.TotalSeconds <= Common.GraceSeconds)
            yield return (nameof(TimeLimit), $"is {LaunchTime.Text(limit)}; must be longer than the {Common.GraceSeconds} s that a worker is told before it");
    }
}
