using System.Reflection;
using FixupNet.Architectures;
using FixupNet.Execution;
using FixupNet.Initialization;
using FixupNet.Methods;
using FixupNet.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests;

/// <summary>Test cases taken from the registries: what is registered is tested.</summary>
internal static class Cases
{
    internal const int ClassCount = 5;

    private const int SmallWidth = 8;

    /// <summary>Every model with every method, at its smallest depth.</summary>
    internal static IEnumerable<TestFixtureData> ModelsAndVariants() =>
        from entry in ModelZoo.All
        from method in MethodZoo.All
        select new TestFixtureData(entry, SmallestOptions(entry.OptionsType, method.Method)).SetArgDisplayNames(entry.Name, method.Name);

    internal static IEnumerable<TestFixtureData> ModelsAndSchemes() =>
        from model in ModelsAndVariants()
        from scheme in InitializationSchemes.All
        select new TestFixtureData(model.Arguments[0], model.Arguments[1], scheme)
            .SetArgDisplayNames(((ModelEntry)model.Arguments[0]!).Name, $"{model.Arguments[1]}", scheme.Name);

    /// <summary>A network initialized by a scheme of that name.</summary>
    internal static ResidualNetwork Initialized(ModelEntry entry, object options, string scheme, ulong seed = 1)
    {
        var network = entry.Create(options, ClassCount);
        Initialize(network, scheme, seed);
        return network;
    }

    internal static void Initialize(ResidualNetwork network, string scheme, ulong seed)
    {
        using var generator = new Generator(seed, CPU);
        InitializationSchemes.All[scheme].Scheme.Initialize(network.Topology, generator);
    }

    /// <summary>Images [count,3,size,size] in ±1, the same on every run.</summary>
    internal static Tensor Images(int count, int size = 8, ScalarType dtype = ScalarType.Float32)
    {
        var random = new CounterRandom(7);
        var values = Enumerable.Range(0, count * 3 * size * size).Select(_ => 2.0 * random.NextDouble() - 1.0).ToArray();
        return tensor(values).view(count, 3, size, size).to(dtype);
    }

    internal static Tensor Labels(int count) => tensor([.. Enumerable.Range(0, count).Select(i => (long)(i % ClassCount))]);

    // The record's defaults, but for the method, the smallest depth its range allows and a few channels.
    private static object SmallestOptions(Type type, Method method)
    {
        var constructor = type.GetConstructors().Single(candidate => candidate.GetParameters().Length > 1);
        var arguments = constructor.GetParameters().Select(parameter => parameter.ParameterType == typeof(Method)
            ? method
            : parameter.Name switch
            {
                "Depth" => type.GetProperty("Depth")!.GetCustomAttribute<System.ComponentModel.DataAnnotations.RangeAttribute>()!.Minimum,
                "Width" => SmallWidth,
                _ => parameter.DefaultValue,
            });
        return constructor.Invoke([.. arguments]);
    }
}
