using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Methods;
using FixupNet.Registries;

namespace FixupNet.Architectures;

/// <summary>Options of the "resnet-imagenet" model.</summary>
/// <param name="Variant">The method, which bounds the signal; null for Fixup.</param>
/// <param name="Depth">18 and 34 have basic blocks (m = 2), 50, 101, 152 and 200 bottlenecks (m = 3).</param>
/// <param name="Width">Channels of stem and first stage, in 1 … 4096; the other stages have 2, 4 and 8 times as many, and bottlenecks give out four times that.</param>
public sealed record ResNetImageNetOptions(
    [property: Description("What bounds the signal: the method.")] Method? Variant = null,
    [property: Description("18, 34 (basic blocks), 50, 101, 152 or 200 (bottlenecks)."), Range(18, 200)] int Depth = 50,
    [property: Description("Channels of stem and first stage; the others have 2, 4 and 8 times as many."), Range(1, 4096)] int Width = 64) : IValidatedOptions
{
    /// <summary>The method.</summary>
    internal Method Method => Variant ?? new FixupMethod();

    /// <summary>Whether the blocks are bottlenecks.</summary>
    internal bool IsBottleneck => Depth >= ResNetImageNet.LeastBottleneckDepth;

    /// <inheritdoc/>
    public IEnumerable<(string Member, string Message)> Validate()
    {
        if (!ResNetImageNet.BlocksOf.ContainsKey(Depth)) yield return (nameof(Depth), $"must be one of {string.Join(", ", ResNetImageNet.BlocksOf.Keys.Order())}");
        foreach (var problem in MethodInput.Validate(Method, InputKind.Images)) yield return problem;
    }
}
