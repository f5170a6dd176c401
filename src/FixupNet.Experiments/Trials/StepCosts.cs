using FixupNet.Engine;
using FixupNet.Experiments.Configuration;
using FixupNet.Models;
using FixupNet.Runs.Records;
using FixupNet.Training;
using FixupNet.Training.Data;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Trials;

/// <summary>Which engine computes the steps of a network, and what memory they take; it keeps nothing of the network but sizes.</summary>
internal sealed class StepCosts
{
    private readonly StepMemory? _eager;
    private readonly EngineMemory? _depthFirst;

    private StepCosts(StepMemory? eager, EngineMemory? depthFirst, string engine) => (_eager, _depthFirst, Engine) = (eager, depthFirst, engine);

    /// <summary>The engine and why it was taken, for the log.</summary>
    internal string Engine { get; }

    /// <summary>Whether it is the depth-first engine.</summary>
    internal bool IsDepthFirst => _depthFirst is not null;

    /// <summary>Chooses the engine and measures the network.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="network">Its network, on the device it computes on.</param>
    /// <param name="device">That device.</param>
    /// <exception cref="ConfigException">The configuration asks for an engine or a precision that this network cannot have.</exception>
    /// <exception cref="DeviceNotAvailableException">The processor lacks the instructions asked for.</exception>
    internal static StepCosts Of(TrainConfig config, ResidualNetwork network, Device device)
    {
        var training = config.Training;
        var precision = DepthFirstPlanner.PrecisionOf(training.Precision);
        var problem = training.Engine == TrainingEngine.Eager ? "the configuration says so" : DepthFirstEngine.WhyNot(network, precision);
        if (problem is null)
        {
            var why = training.Engine == TrainingEngine.Auto ? "the network is norm-free and on the CPU" : "the configuration says so";
            return new StepCosts(null, new EngineMemory(network, ImageSet.Side, ImageSet.Side, precision), $"depth-first ({why})");
        }
        if (training.Precision == Precision.BFloat16)
            throw Problem(config, "training:precision", $"is \"bfloat16\", which only the depth-first engine has: {problem}. Use \"float32\".");
        if (training.Engine == TrainingEngine.DepthFirst)
            throw Problem(config, "training:engine", $"is \"depth-first\", which cannot train this network: {problem}. Use \"auto\" or \"eager\".");
        return new StepCosts(StepMemory.Of(network, TrialAssembly.ElementType(training.Precision), device), null, $"eager ({problem})");
    }

    /// <summary>Fits a step into memory.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="now">What there is.</param>
    /// <param name="threads">CPU threads.</param>
    /// <exception cref="ConfigException">It does not fit.</exception>
    internal StepPlan Plan(TrainConfig config, MemoryNow now, int threads) => _depthFirst is null
        ? new StepPlanner(config, _eager!, now).Choose()
        : new DepthFirstPlanner(config, _depthFirst, threads, now).Choose();

    private static ConfigException Problem(TrainConfig config, string key, string message) => new([new ConfigError(config.Name, null, key, message)]);
}
