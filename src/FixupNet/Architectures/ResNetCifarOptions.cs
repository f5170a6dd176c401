using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Methods;
using FixupNet.Registries;

namespace FixupNet.Architectures;

/// <summary>Options of the "resnet-cifar" model.</summary>
/// <param name="Variant">The method, which bounds the signal; null for Fixup.</param>
/// <param name="Depth">Weight layers on the longest path: 6n+2, in 8 … 100,000.</param>
/// <param name="Width">Channels of the first stage, in 1 … 4096; the stages have 1, 2 and 4 times as many.</param>
public sealed record ResNetCifarOptions(
    [property: Description("What bounds the signal: the method.")] Method? Variant = null,
    [property: Description("Weight layers on the longest path, 6n+2."), Range(8, 100_000)] int Depth = 20,
    [property: Description("Channels of the first stage; the others have 2 and 4 times as many."), Range(1, 4096)] int Width = 16) : IValidatedOptions
{
    internal static readonly DepthRule Rule = new(offset: 2);

    /// <summary>The method.</summary>
    internal Method Method => Variant ?? new FixupMethod();

    /// <inheritdoc/>
    public IEnumerable<(string Member, string Message)> Validate() => Rule.Validate(Depth).Concat(MethodInput.Validate(Method, InputKind.Images));
}
