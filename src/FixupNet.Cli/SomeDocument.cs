using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Sweeps;

namespace FixupNet.Cli;

/// <summary>A document of either kind: one training, or a sweep.</summary>
/// <param name="Kind">"train" or "sweep".</param>
/// <param name="Name">Its name.</param>
/// <param name="Hash">Six digits of what it runs.</param>
/// <param name="TrialCount">How many trainings it is.</param>
/// <param name="ResolvedJson">The document with every default filled in.</param>
/// <param name="Warnings">What its author may not know.</param>
/// <param name="Start">What it needs to start.</param>
internal sealed record SomeDocument(
    string Kind, string Name, string Hash, int TrialCount, string ResolvedJson, IReadOnlyList<ConfigError> Warnings, StartChecks Start)
{
    /// <summary>Reads a document and finds out which kind it is.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ConfigException">It is invalid.</exception>
    public static SomeDocument Load(string file, IReadOnlyList<string> overrides, ConfigRegistries registries)
    {
        var bytes = ConfigDocument.ReadFile(Inputs.RequireFile(file)).Span;
        if (ConfigDocument.IsSweep(bytes))
        {
            var plan = SweepPlan.Parse(bytes, file, overrides, registries);
            return new("sweep", plan.Name, plan.Hash6, plan.Trials.Count, plan.ResolvedJson, plan.Warnings, plan.Start);
        }
        var document = TrainDocument.Parse(bytes, file, overrides, registries);
        return new("train", document.Config.Name, document.Hash[..6], 1, document.CompleteJson, document.Warnings, document.Start);
    }

    /// <summary>Reads the document of one training.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UsageException">It is a sweep's.</exception>
    /// <exception cref="ConfigException">It is invalid.</exception>
    public static TrainDocument LoadTrain(string file, IReadOnlyList<string> overrides, ConfigRegistries registries)
    {
        var bytes = ConfigDocument.ReadFile(Inputs.RequireFile(file)).Span;
        if (ConfigDocument.IsSweep(bytes)) throw new UsageException($"{file} is a sweep document; run it with: fixupnet sweep run {file}");
        return TrainDocument.Parse(bytes, file, overrides, registries);
    }
}
