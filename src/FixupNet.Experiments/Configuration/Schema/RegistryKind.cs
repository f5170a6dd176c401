namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>Registries that a configuration's names are looked up in.</summary>
internal enum RegistryKind
{
    Tasks,
    Datasets,
    Models,
    Initializations,
    Optimizers,
    GradientTransforms,
    Schedules,
}
