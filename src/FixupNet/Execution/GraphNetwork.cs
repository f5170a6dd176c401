using FixupNet.Residual;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Execution;

/// <summary>A network that is its description: it holds the parameters of the steps under their state-dict names, and runs the steps.</summary>
public abstract class GraphNetwork : ResidualNetwork
{
    private ResidualTopology _topology;
    private IReadOnlyList<NetworkStage>? _stages;

    /// <summary>A module that only holds others under their names, as a dot in a state-dict name asks for.</summary>
    private sealed class Holder() : nn.Module(nameof(Holder));

    /// <summary>Takes over the parameters of a description.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="topology">Stem, branches and head, all of steps.</param>
    /// <param name="images">The images it is made for.</param>
    protected GraphNetwork(string name, ResidualTopology topology, ImageShape images) : base(name)
    {
        (_topology, InputShape) = (topology, images);
        var holders = new Dictionary<string, nn.Module> { [""] = this };
        var registered = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var step in topology.Steps)
        {
            if (step is NormalizeStep { Running: { } module } batch) Register(batch.Norm.Name, (holder, last) => holder.register_module(last, module), holders);
            else
            {
                foreach (var (path, parameter) in step.Parameters.Where(item => registered.Add(item.Parameter)))
                    Register(path, (holder, last) => holder.register_parameter(last, parameter), holders);
            }
        }
    }

    /// <inheritdoc/>
    public override ImageShape InputShape { get; }

    /// <inheritdoc/>
    public override ResidualTopology Topology
    {
        get
        {
            // TorchSharp makes other parameter objects when it moves or converts a module.
            if (_topology.RoleOf(parameters().First()) is null) (_topology, _stages) = (WithCurrentParameters(), null);
            return _topology;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<NetworkStage> Stages
    {
        get
        {
            var topology = Topology;
            return _stages ??= StagesOf(topology);
        }
    }

    /// <summary>Gives the network other steps for the same parameters.</summary>
    /// <param name="change">The description that takes the place of the present one.</param>
    internal void Change(Func<ResidualTopology, ResidualTopology> change) => (_topology, _stages) = (change(Topology), null);

    /// <inheritdoc/>
    public override Tensor ForwardByLayer(Tensor images, Action<string, Tensor> layerOutput) => NetworkStage.Run(StagesOf(Topology, layerOutput), images);

    /// <summary>The chain that runs a description.</summary>
    private protected virtual IReadOnlyList<NetworkStage> StagesOf(ResidualTopology topology, Action<string, Tensor>? layerOutput = null) =>
    [
        new("stem", images => Stem(topology, images, layerOutput)),
        .. topology.Branches.Select(branch => new NetworkStage(branch.Name, input => StepRunner.Run(branch, input, layerOutput))),
        new("classifier", input => Run(topology.HeadSteps, input, layerOutput)),
    ];

    private Tensor Stem(ResidualTopology topology, Tensor images, Action<string, Tensor>? layerOutput)
    {
        ShapeGuard.Images(images, InputShape.Channels);
        using var ordered = ChannelsLast.Of(images);
        return Run(topology.StemSteps, ordered, layerOutput);
    }

    /// <summary>Runs steps over an input that stays the caller's.</summary>
    private protected static Tensor Run(IReadOnlyList<Step> steps, Tensor input, Action<string, Tensor>? layerOutput)
    {
        using var scope = NewDisposeScope();
        return StepRunner.Run(steps, new StepRunner.Signal(input, IsFree: false), layerOutput).Value.MoveToOuterDisposeScope();
    }

    // The steps take the parameters that now have their names.
    private ResidualTopology WithCurrentParameters()
    {
        var byName = named_parameters().ToDictionary(item => item.name, item => item.parameter);
        var current = new Dictionary<object, Parameter>(ReferenceEqualityComparer.Instance);
        foreach (var (name, parameter) in _topology.Steps.SelectMany(step => step.Parameters)) current[parameter] = byName[name];
        return _topology.With(parameter => current[parameter]);
    }

    private static void Register(string path, Action<nn.Module, string> register, Dictionary<string, nn.Module> holders)
    {
        var cut = path.LastIndexOf('.');
        register(Holding(cut < 0 ? "" : path[..cut], holders), path[(cut + 1)..]);
    }

    private static nn.Module Holding(string path, Dictionary<string, nn.Module> holders)
    {
        if (holders.TryGetValue(path, out var known)) return known;
        var holder = new Holder();
        Register(path, (above, last) => above.register_module(last, holder), holders);
        return holders[path] = holder;
    }
}
