using System.Reflection;
using FixupNet.Architectures;
using FixupNet.Execution;
using FixupNet.Initialization;
using FixupNet.Methods;
using FixupNet.Randomness;
using TorchSharp;
using static TorchSharp.torch;
using RangeAttribute = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace FixupNet.Tests;

/// <summary>Test cases taken from the registries: what is registered is tested, with each of its options in turn.</summary>
internal static class Cases
{
    internal const int ClassCount = 5;

    private const int SmallWidth = 8;

    /// <summary>Every model with every method and its options, at its smallest depth.</summary>
    internal static IEnumerable<TestFixtureData> ModelsAndVariants() =>
        from entry in ModelZoo.All
        where entry.Inputs == ModelEntry.Images
        from method in MethodZoo.All
        where entry.Fits(method.Method)
        from variant in Variants(method.Method)
        select new TestFixtureData(entry, SmallestOptions(entry.OptionsType, variant)).SetArgDisplayNames(entry.Name, $"{method.Name} {variant}");

    /// <summary>Every model with every method and every scheme, and on the default method with each of the scheme's options.</summary>
    internal static IEnumerable<TestFixtureData> ModelsAndSchemes() =>
        from entry in ModelZoo.All
        from method in MethodZoo.All
        where entry.Fits(method.Method)
        from scheme in InitializationSchemes.All
        where entry.Fits(scheme.Scheme)
        from variant in method == MethodZoo.All.First() ? Variants(Smallest(scheme.Scheme)) : [Smallest(scheme.Scheme)]
        select new TestFixtureData(entry, SmallestOptions(entry.OptionsType, method.Method), variant)
            .SetArgDisplayNames(entry.Name, method.Name, $"{scheme.Name} {variant}");

    /// <summary>A network initialized by a scheme of that name.</summary>
    internal static ResidualNetwork Initialized(ModelEntry entry, object options, string scheme, ulong seed = 1)
    {
        var network = entry.Create(options, ClassCount);
        Initialize(network, scheme, seed);
        return network;
    }

    internal static void Initialize(ResidualNetwork network, string scheme, ulong seed) => Initialize(network, InitializationSchemes.All[scheme].Scheme, seed);

    internal static void Initialize(ResidualNetwork network, IInitializationScheme scheme, ulong seed)
    {
        using var generator = new Generator(seed, CPU);
        scheme.Initialize(network, generator, (index, count) => new SchemeSample(Images(count, dtype: network.Topology.Classifier.Weight.dtype, seed: 7 + (ulong)index), Labels(count)));
    }

    /// <summary>Images [count,3,size,size] in ±1, the same on every run.</summary>
    internal static Tensor Images(int count, int size = 8, ScalarType dtype = ScalarType.Float32, ulong seed = 7)
    {
        var random = new CounterRandom(seed);
        var values = Enumerable.Range(0, count * 3 * size * size).Select(_ => 2.0 * random.NextDouble() - 1.0).ToArray();
        return tensor(values).view(count, 3, size, size).to(dtype);
    }

    internal static Tensor Labels(int count) => tensor([.. Enumerable.Range(0, count).Select(i => (long)(i % ClassCount))]);

    /// <summary>The options as they are, then with each flag turned and each other choice taken, one at a time.</summary>
    private static IEnumerable<T> Variants<T>(T options) where T : class => Parameters(options).SelectMany(OtherValues, (parameter, value) => With(options, parameter, value)).Prepend(options);

    private static IEnumerable<object> OtherValues(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(bool) ? [!(bool)parameter.DefaultValue!]
        : parameter.ParameterType.IsEnum ? Enum.GetValues(parameter.ParameterType).Cast<object>().Where(value => Convert.ToInt32(value) != Convert.ToInt32(parameter.DefaultValue))
        : [];

    /// <summary>With every count as small as it may be, so that it is fast.</summary>
    private static T Smallest<T>(T options) where T : class => Parameters(options).Where(parameter => parameter.ParameterType == typeof(int))
        .Aggregate(options, (smaller, parameter) => With(smaller, parameter, options.GetType().GetProperty(parameter.Name!)!.GetCustomAttribute<RangeAttribute>()!.Minimum));

    private static ParameterInfo[] Parameters(object options) => options.GetType().GetConstructors().Single().GetParameters();

    private static T With<T>(T options, ParameterInfo changed, object value) where T : class => (T)options.GetType().GetConstructors().Single().Invoke(
        [.. Parameters(options).Select(parameter => parameter.Name == changed.Name ? value : options.GetType().GetProperty(parameter.Name!)!.GetValue(options))]);

    // The record's defaults, but for the method, the smallest depth its range allows and a few channels.
    private static object SmallestOptions(Type type, Method method)
    {
        var constructor = type.GetConstructors().Single(candidate => candidate.GetParameters().Length > 1);
        var arguments = constructor.GetParameters().Select(parameter => parameter.ParameterType == typeof(Method)
            ? method
            : parameter.Name switch
            {
                "Depth" => type.GetProperty("Depth")!.GetCustomAttribute<RangeAttribute>()!.Minimum,
                "Width" => SmallWidth,
                _ => parameter.DefaultValue,
            });
        return constructor.Invoke([.. arguments]);
    }
}
