using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Trials;
using FixupNet.Initialization;
using FixupNet.Initialization.Schemes;
using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Checks;

/// <summary>Initialization and method suit each other: together they make a network that can learn. Looked at on the shallowest network of the method.</summary>
internal sealed class InitializationCheck : IStartCheck
{
    private const string Key = "initialization.name";

    /// <inheritdoc/>
    public bool ConcernsContinuedRuns => false;

    /// <inheritdoc/>
    public object? Subject(TrainConfig config) => config.Initialization.Scheme is null || config.WhyNotEngines is not null ? null : (config.Model, config.Initialization);

    /// <inheritdoc/>
    public IEnumerable<DocumentProblem> Find(TrainConfig config, string device)
    {
        var (name, scheme) = StartingNetwork.SchemeOf(config);
        var model = config.Registries.Models[config.Model.Name];
        using var scope = NewDisposeScope();
        using var network = model.Create(model.Shallow(config.Model.Options), classCount: 2);
        if (scheme is MetaInitScheme or DeltaOrthogonalScheme && network.Topology.WeightLayers.Any(layer => layer.Gain is not null))
            return [new(Key, $"is \"{name}\", which has no meaning for this method: it standardizes its weights before it uses them. {Advice(config)}")];
        if (scheme.Needs != SchemeNeeds.Parameters)
            return config.Initialization.Weights is null ? [] : [new("initialization.weights", $"would replace what \"{name}\" computes. Leave out one of the two.")];
        if (config.Initialization.Weights is not null) return [];
        using var generator = new Generator(1, CPU);
        scheme.Initialize(network.Topology, generator);
        return network.Topology.Branches.FirstOrDefault(IsDead) is { } dead
            ? [new(Key, $"is \"{name}\", with which the last layer of a branch begins with 0, as the method's multiplier of {dead.Name} does: neither would ever learn. {Advice(config)}")]
            : [];
    }

    // A product of two zeros has no gradient by either.
    private static bool IsDead(ResidualBranch branch) =>
        branch.Multiplier is { } multiplier && IsZero(multiplier) && (IsZero(branch.Layers[^1].Weight) || branch.Norms.LastOrDefault() is { } norm && IsZero(norm.Weight));

    private static bool IsZero(Parameter parameter)
    {
        using var noGradients = no_grad();
        return parameter.abs().max().ToDouble() == 0;
    }

    private static string Advice(TrainConfig config) =>
        $"Use \"{config.Registries.Models[config.Model.Name].DefaultInitialization(config.Model.Options)}\", the method's own.";
}
