using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Runs;
using FixupNet.Runs.Files;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Writes the configuration of a trial anew where its folder was removed.</summary>
/// <param name="sweep">The sweep.</param>
/// <param name="registries">The named choices of its document.</param>
internal sealed class TrialConfigurations(SweepDirectory sweep, ConfigRegistries registries)
{
    private readonly Lock _planning = new();
    private SweepPlan? _plan;

    /// <summary>Makes sure that a trial's folder holds its configuration.</summary>
    /// <param name="line">The trial.</param>
    /// <returns>Why that cannot be; null where all is well.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public string? Ensure(PlanLine line)
    {
        var trial = sweep.Trial(line);
        if (File.Exists(trial.ConfigFile)) return null;
        if (Find(line) is not { } config)
            return $"{trial.ConfigFile} is gone, and {sweep.ResolvedSweepFile} does not give this trial's configuration again; put it back, or run the sweep's document into a new folder.";
        Directory.CreateDirectory(trial.Root);
        DurableFile.WriteAllText(trial.ConfigFile, config);
        return null;
    }

    private string? Find(PlanLine line)
    {
        try
        {
            return Plan().Trials.FirstOrDefault(planned => NameOf(planned, line) == line.Directory)?.ConfigJson;
        }
        catch (Exception error) when (error is ConfigException or FileNotFoundException)
        {
            return null;
        }
    }

    // The name ends in the configuration's hash.
    private static string NameOf(TrialPlan planned, PlanLine line) => RunNames.Trial(line.Index, line.Name, planned.ConfigJson);

    private SweepPlan Plan()
    {
        lock (_planning) return _plan ??= SweepPlan.LoadResolved(sweep.ResolvedSweepFile, registries);
    }
}
