using FixupNet.Architectures;
using FixupNet.Experiments.Configuration.Schema;
using FixupNet.Experiments.Studies;
using FixupNet.Initialization;
using FixupNet.Methods;
using FixupNet.Optimization;
using FixupNet.Optimization.GradientTransforms;
using FixupNet.Registries;
using FixupNet.Schedules;
using FixupNet.Training.Data;
using FixupNet.Training.Tasks;

namespace FixupNet.Experiments.Configuration;

/// <summary>The named choices a configuration may make, and what must hold for a document of them.</summary>
/// <param name="Datasets">Choices of the section "dataset".</param>
/// <param name="Models">Choices of the section "model".</param>
/// <param name="Methods">Choices of "model.variant".</param>
/// <param name="Initializations">Choices of "initialization.name".</param>
/// <param name="Optimizers">Choices of the section "optimizer".</param>
/// <param name="Schedules">Choices of the section "schedule".</param>
public sealed record ConfigRegistries(
    Registry<DatasetEntry> Datasets,
    Registry<ModelEntry> Models,
    Registry<MethodEntry> Methods,
    Registry<InitializationEntry> Initializations,
    Registry<OptimizerEntry> Optimizers,
    Registry<ScheduleEntry> Schedules)
{
    /// <summary>Choices of the elements of "gradientTransforms".</summary>
    public Registry<GradientTransformEntry> GradientTransforms { get; init; } = GradientTransformRegistry.All;

    /// <summary>Choices of the section "task".</summary>
    public Registry<TaskEntry> Tasks { get; init; } = TaskRegistry.All;

    /// <summary>Questions that can be asked of trained networks.</summary>
    public Registry<StudyEntry> Studies { get; init; } = StudyRegistry.All;

    /// <summary>What must hold for every document.</summary>
    public IReadOnlyList<IDocumentCheck> DocumentChecks { get; init; } = [];

    /// <summary>What must be there before a document is trained.</summary>
    public IReadOnlyList<IStartCheck> StartChecks { get; init; } = [];

    internal IEnumerable<INamedEntry> Of(RegistryKind kind) => kind switch
    {
        RegistryKind.Tasks => Tasks,
        RegistryKind.Datasets => Datasets,
        RegistryKind.Models => Models,
        RegistryKind.Initializations => Initializations,
        RegistryKind.Optimizers => Optimizers,
        RegistryKind.GradientTransforms => GradientTransforms,
        _ => Schedules,
    };
}
