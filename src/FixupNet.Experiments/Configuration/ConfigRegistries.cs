using FixupNet.Registries;

namespace FixupNet.Experiments.Configuration;

/// <summary>The named choices a configuration may make, and what must hold for a document of them.</summary>
/// <param name="Datasets">Choices of the section "dataset".</param>
/// <param name="Models">Choices of the section "model".</param>
/// <param name="Initializations">Choices of "initialization.name".</param>
/// <param name="Optimizers">Choices of the section "optimizer".</param>
/// <param name="Schedules">Choices of the section "schedule".</param>
public sealed record ConfigRegistries(
    IReadOnlyList<INamedEntry> Datasets,
    IReadOnlyList<INamedEntry> Models,
    IReadOnlyList<INamedEntry> Initializations,
    IReadOnlyList<INamedEntry> Optimizers,
    IReadOnlyList<INamedEntry> Schedules)
{
    /// <summary>What must hold for every document.</summary>
    public IReadOnlyList<IDocumentCheck> DocumentChecks { get; init; } = [];

    /// <summary>What must be there before a document is trained.</summary>
    public IReadOnlyList<IStartCheck> StartChecks { get; init; } = [];

    internal IReadOnlyList<INamedEntry> Of(RegistryKind kind) => kind switch
    {
        RegistryKind.Datasets => Datasets,
        RegistryKind.Models => Models,
        RegistryKind.Initializations => Initializations,
        RegistryKind.Optimizers => Optimizers,
        _ => Schedules,
    };
}

internal enum RegistryKind
{
    Datasets,
    Models,
    Initializations,
    Optimizers,
    Schedules,
}
