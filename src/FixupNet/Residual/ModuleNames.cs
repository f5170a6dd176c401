using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Residual;

/// <summary>What a network's modules and parameters are called, and which of them are placed in a description.</summary>
internal sealed class ModuleNames
{
    private const int MostListed = 10;

    private readonly Dictionary<object, string> _modules = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<object, string> _parameters = new(ReferenceEqualityComparer.Instance);

    internal ModuleNames(nn.Module network)
    {
        _modules[network] = "";
        foreach (var (name, module) in network.named_modules()) _modules.TryAdd(module, name);
        // A parameter of two names, such as a tied weight, is one parameter, under its first name.
        foreach (var (name, parameter) in network.named_parameters()) _parameters.TryAdd(parameter, name);
        if (_parameters.Count == 0)
            throw new ArgumentException($"{network.GetName()} has no parameters: modules and parameters count once RegisterComponents has registered them.", nameof(network));
    }

    /// <summary>A module's state-dict path.</summary>
    internal string Of(nn.Module module) => _modules.TryGetValue(module, out var name) ? name : throw new ArgumentException(
        $"{module.GetName()} is no part of the network: a module in an array or a list that is no ModuleList is not registered.", nameof(module));

    internal WeightLayer LayerOf(nn.Module module)
    {
        var (name, own) = (Of(module), OwnOf(module));
        if (own.GetValueOrDefault("weight") is not { } weight || weight.shape.Length < 2)
            throw new ArgumentException($"\"{name}\", a {module.GetName()}, is no weight layer: it has no parameter \"weight\" [out,in,…] of its own. Describe the layers in it.", nameof(module));
        return new WeightLayer(name, weight, own.GetValueOrDefault("bias"), own.GetValueOrDefault("gain"));
    }

    internal NormLayer NormOf(nn.Module module)
    {
        var (name, own) = (Of(module), OwnOf(module));
        if (own.GetValueOrDefault("weight") is not { } weight || own.GetValueOrDefault("bias") is not { } bias)
            throw new ArgumentException($"\"{name}\", a {module.GetName()}, is no normalization layer with parameters \"weight\" and \"bias\": one without them needs no place.", nameof(module));
        return new NormLayer(name, weight, bias, ScopeOf(module));
    }

    /// <summary>Requires that every parameter of the network has one place, and nothing else has any.</summary>
    /// <exception cref="ArgumentException">Names those at fault.</exception>
    internal void RequireEachOnce(IReadOnlyList<Parameter> placed)
    {
        var open = new Dictionary<object, string>(_parameters, ReferenceEqualityComparer.Instance);
        foreach (var parameter in placed)
        {
            if (open.Remove(parameter)) continue;
            throw new ArgumentException(_parameters.TryGetValue(parameter, out var name)
                ? $"The parameter \"{name}\" has two places in the description. It is initialized once: describe a tied weight where it is used first."
                : $"A parameter [{string.Join(",", parameter.shape)}] in the description is no parameter of the network: register it, or describe the network after moving it, which makes other parameters.");
        }
        if (open.Count == 0) return;
        var more = open.Count > MostListed ? $" and {open.Count - MostListed} more" : "";
        throw new ArgumentException(
            $"{open.Count} of the network's parameters have no place in the description, and would keep whatever values they have: {string.Join(", ", open.Values.Take(MostListed))}{more}.");
    }

    private static Dictionary<string, Parameter> OwnOf(nn.Module module) => module.named_parameters(recurse: false).ToDictionary(item => item.name, item => item.parameter);

    private static NormScope ScopeOf(nn.Module module) => module.GetType().Name switch
    {
        var type when type.StartsWith("GroupNorm", StringComparison.Ordinal) || type.StartsWith("InstanceNorm", StringComparison.Ordinal) => NormScope.Group,
        var type when type.StartsWith("LayerNorm", StringComparison.Ordinal) => NormScope.Layer,
        _ => NormScope.Batch,
    };
}
