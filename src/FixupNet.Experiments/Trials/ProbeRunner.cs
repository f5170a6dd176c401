using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Studies;

namespace FixupNet.Experiments.Trials;

/// <summary>Asks the study "probe" of a configuration that was not trained.</summary>
public static class ProbeRunner
{
    /// <summary>Measures the network of a configuration on its first training batch.</summary>
    /// <param name="document">The configuration.</param>
    /// <param name="options">Where and how it runs.</param>
    public static ProbeResult Run(TrainDocument document, TrialOptions options)
    {
        using var start = Start(document, options, new TrainingVariation());
        return ProbeStudy.Measure(start, new ProbeOptions().Updates);
    }

    /// <summary>Builds the network as training begins with it.</summary>
    internal static StudyStart Start(TrainDocument document, TrialOptions options, TrainingVariation variation)
    {
        var trial = TrialAssembly.Create(document.Config, options, variation: variation);
        return new StudyStart(trial.Network, trial.Task, trial.Step, trial.Optimizer, trial.Norms) { Owner = trial };
    }
}
