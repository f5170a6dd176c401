using FixupNet.Registries;
using FixupNet.Residual;
using TorchSharp.Modules;

namespace FixupNet.Optimization;

/// <summary>One optimizer of <see cref="OptimizerRegistry.All"/>.</summary>
public sealed class OptimizerEntry : INamedEntry
{
    private readonly Func<IEnumerable<(string, Parameter)>, object, ResidualTopology?, IOptimizer> _create;

    private OptimizerEntry(string name, string description, Type optionsType, Func<IEnumerable<(string, Parameter)>, object, ResidualTopology?, IOptimizer> create)
    {
        (Name, Description, OptionsType, _create) = (name, description, optionsType, create);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public Type OptionsType { get; }

    /// <summary>Creates an entry.</summary>
    /// <typeparam name="TOptions">The optimizer's options record.</typeparam>
    /// <param name="name">Kebab-case name.</param>
    /// <param name="description">One line for listings.</param>
    /// <param name="create">Makes the optimizer.</param>
    public static OptimizerEntry Of<TOptions>(
        string name, string description, Func<IEnumerable<(string, Parameter)>, TOptions, ResidualTopology?, IOptimizer> create) =>
        new(name, description, typeof(TOptions), (parameters, options, topology) => create(parameters, (TOptions)options, topology));

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">State-dict names and parameters, as named_parameters() gives them.</param>
    /// <param name="options">An instance of <see cref="OptionsType"/>.</param>
    /// <param name="topology">Knows the parameters' roles; null where nobody does.</param>
    /// <exception cref="ArgumentException">Options are out of range, or parameters are none, repeated or of different dtypes or devices.</exception>
    public IOptimizer Create(IEnumerable<(string Name, Parameter Parameter)> parameters, object options, ResidualTopology? topology = null) =>
        _create(parameters, options, topology);
}
