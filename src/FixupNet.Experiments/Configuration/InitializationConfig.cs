using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Experiments.Configuration.Schema;
using FixupNet.Registries;

namespace FixupNet.Experiments.Configuration;

/// <summary>Where the weights start.</summary>
/// <param name="Name">An initialization scheme; null, the default, leaves the choice to the model.</param>
/// <param name="Weights">A .safetensors file to start from, relative to the document; null, the default, for none.</param>
public sealed record InitializationConfig(
    [property: Description("Initialization scheme; null: the one that suits the model."), NamedFrom(RegistryKind.Initializations)]
    string? Name = null,
    [property: Description("A .safetensors file to start from."), FilePath, RegularExpression(@"[^\u0000-\u001f\u007f-\u009f]+", ErrorMessage = "must name a file; null: none")]
    string? Weights = null);
