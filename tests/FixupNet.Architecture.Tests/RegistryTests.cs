using System.Reflection;
using FixupNet.Architectures;
using FixupNet.Execution;
using FixupNet.Initialization;
using FixupNet.Methods;
using TorchSharp;
using RangeAttribute = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace FixupNet.Architecture.Tests;

/// <summary>What exists can be selected by name.</summary>
public sealed class RegistryTests
{
    [Test]
    public void InitializationSchemes_HoldEveryScheme() =>
        Assert.That(InitializationSchemes.All.Select(entry => entry.Scheme.GetType()), Is.EquivalentTo(Concrete<IInitializationScheme>()));

    [Test]
    public void MethodZoo_HoldsEveryMethod() =>
        Assert.That(MethodZoo.All.Select(entry => entry.Method.GetType()), Is.EquivalentTo(Concrete<Method>()));

    [Test]
    public void ModelZoo_BuildsEveryNetwork()
    {
        using var scope = torch.NewDisposeScope();

        var built = ModelZoo.All.Select(entry =>
        {
            using var network = entry.Create(SmallestOptions(entry.OptionsType), 2);
            return network.GetType();
        });

        Assert.That(built.Distinct(), Is.EquivalentTo(Concrete<ResidualNetwork>()));
    }

    private static IReadOnlyList<Type> Concrete<T>() =>
        [.. typeof(ModelZoo).Assembly.GetTypes().Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(T)))];

    // The record's defaults, and the least that the range of a parameter without a default allows.
    private static object SmallestOptions(Type type)
    {
        var constructor = type.GetConstructors().Single(candidate => candidate.GetParameters() is [var first, ..] && first.ParameterType != type);
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter =>
            parameter.HasDefaultValue ? parameter.DefaultValue
            : type.GetProperty(parameter.Name!)!.GetCustomAttribute<RangeAttribute>() is { } range ? range.Minimum
            : Activator.CreateInstance(parameter.ParameterType))]);
    }
}
