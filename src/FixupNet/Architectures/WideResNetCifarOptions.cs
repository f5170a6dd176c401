using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Methods;
using FixupNet.Registries;

namespace FixupNet.Architectures;

/// <summary>Options of the "wide-resnet-cifar" model.</summary>
/// <param name="Variant">The method, which bounds the signal; null for Fixup.</param>
/// <param name="Depth">Stem, 6n convolutions in blocks and three shortcut convolutions: 6n+4, in 10 … 100,000.</param>
/// <param name="WidenFactor">k, in 1 … 256: the stages have 16k, 32k and 64k channels.</param>
public sealed record WideResNetCifarOptions(
    [property: Description("What bounds the signal: the method.")] Method? Variant = null,
    [property: Description("Stem, block and three shortcut convolutions, 6n+4."), Range(10, 100_000)] int Depth = 10,
    [property: Description("k: the stages have 16k, 32k and 64k channels."), Range(1, 256)] int WidenFactor = 1) : IValidatedOptions
{
    internal static readonly DepthRule Rule = new(offset: 4);

    /// <summary>The method.</summary>
    internal Method Method => Variant ?? new FixupMethod();

    /// <inheritdoc/>
    public IEnumerable<(string Member, string Message)> Validate() => Rule.Validate(Depth).Concat(MethodInput.Validate(Method, InputKind.Images));
}
