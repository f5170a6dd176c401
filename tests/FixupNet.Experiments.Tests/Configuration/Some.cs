using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text;
using FixupNet.Architectures;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Initialization;
using FixupNet.Initialization.Schemes;
using FixupNet.Methods;
using FixupNet.Optimization;
using FixupNet.Registries;
using FixupNet.Schedules;
using FixupNet.Training.Data;
using DescriptionAttribute = System.ComponentModel.DescriptionAttribute;
using RangeAttribute = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace FixupNet.Experiments.Tests.Configuration;

/// <summary>Small entries and shorthands for the tests of configurations.</summary>
internal static class Some
{
    public static readonly ConfigRegistries Registries = new(
        Datasets: new("dataset", Dataset<NoOptions>("synthetic-shapes"), Dataset<EveryKindOptions>("every-kind")),
        Models: new("model", Model<ResNetOptions>("resnet-cifar"), Model<MlpOptions>("mlp")),
        Methods: MethodZoo.All,
        Initializations: new("initialization", Initialization("fixup"), Initialization("he")),
        Optimizers: new("optimizer", OptimizerEntry.Of<SgdOptions>("sgd", "The sgd.", (_, _, _) => throw new NotSupportedException())),
        Schedules: new("schedule", Schedule<NoOptions>("constant"), Schedule<StepsOptions>("steps")));

    /// <summary>The registries with one model, of these options.</summary>
    public static ConfigRegistries RegistriesOf(Type modelOptions)
    {
        var model = typeof(Some).GetMethod(nameof(Model), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(modelOptions);
        return Registries with { Models = new("model", (ModelEntry)model.Invoke(null, ["resnet-cifar"])!) };
    }

    public static TrainDocument Parse(string json, params string[] overrides) =>
        TrainDocument.Parse(Encoding.UTF8.GetBytes(json), "a.json", overrides, Registries);

    /// <summary>The lines of the exception's message.</summary>
    public static string[] ErrorsOf(string json, params string[] overrides) =>
        Assert.Throws<ConfigException>(() => Parse(json, overrides))!.Message.Split('\n');

    private static DatasetEntry Dataset<TOptions>(string name) => DatasetEntry.Of<TOptions>(name, $"The {name}.", ["one", "two"], _ => throw new NotSupportedException(), _ => (1, 1));

    private static ModelEntry Model<TOptions>(string name) => ModelEntry.Of<TOptions>(name, $"The {name}.", (_, _, _) => throw new NotSupportedException(), _ => new PlainMethod());

    private static InitializationEntry Initialization(string name) => new(name, $"The {name}.", new HeFanOutScheme());

    private static ScheduleEntry Schedule<TOptions>(string name) => ScheduleEntry.Of<TOptions>(name, $"The {name}.", (_, _) => throw new NotSupportedException());
}

internal sealed record NoOptions;

internal sealed record SgdOptions(
    [property: Range(1e-12, 100.0)] double LearningRate = 0.1,
    [property: Range(0.0, 1.0, MaximumIsExclusive = true)] double Momentum = 0.9);

internal sealed record StepsOptions([property: Range(0.0, 1e6)] IReadOnlyList<double> MilestonesEpochs, double Factor = 0.1);

internal sealed record MlpOptions([property: Range(1, 10), AllowedValues(1, 2, 3)] int Layers = 2);

internal sealed record ResNetOptions(
    [property: Description("Layers with weights.")] int Depth = 20,
    [property: AllowedValues("fixup", "batchnorm", "plain")] string Variant = "fixup",
    int Width = 16) : IValidatedOptions
{
    public IEnumerable<(string Member, string Message)> Validate()
    {
        if (Depth % 6 != 2) yield return (nameof(Depth), $"must be 6n+2 (nearest: {((Depth - 2) / 6 * 6) + 2}, {((Depth - 2) / 6 * 6) + 8})");
    }
}

internal enum Shade
{
    Light,
    VeryDark,
}

internal sealed record InnerOptions(int Count = 3, string? Note = "none");

internal sealed record EveryKindOptions(
    bool Flag = true,
    int Whole = 1,
    long Large = 2,
    double Real = 0.5,
    string Text = "text",
    Shade Shade = Shade.Light,
    bool? MaybeFlag = true,
    int? MaybeWhole = 5,
    long? MaybeLarge = 6,
    double? MaybeReal = 7.5,
    string? MaybeText = "some",
    Shade? MaybeShade = Shade.VeryDark,
    int[]? Wholes = null,
    IReadOnlyList<double>? Reals = null,
    IReadOnlyList<string>? Texts = null,
    IReadOnlyList<Shade>? Shades = null,
    InnerOptions Inner = null!);
