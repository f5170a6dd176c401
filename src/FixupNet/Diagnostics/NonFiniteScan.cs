using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Diagnostics;

/// <summary>Finds where in a network numbers stop being finite.</summary>
public static class NonFiniteScan
{
    /// <summary>The name given when every block is finite and the logits are not.</summary>
    public const string Classifier = "classifier";

    /// <summary>Runs the network forward, without gradients, in the mode it is in.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">Images [N,C,H,W].</param>
    /// <returns>The first block with an output that is infinite or NaN, <see cref="Classifier"/>, or null if all is finite.</returns>
    public static string? FirstBlock(IResidualNetwork network, Tensor images) => FirstBlock(watch => network.forward(images, watch));

    /// <summary>The same of any network.</summary>
    /// <param name="forward">Runs it forward.</param>
    /// <returns>The first block with an output that is infinite or NaN, <see cref="Classifier"/>, or null if all is finite.</returns>
    public static string? FirstBlock(WatchedForward forward)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        string? first = null;
        var logits = forward((name, output) => first ??= IsFinite(output) ? null : name);
        return first ?? (IsFinite(logits) ? null : Classifier);
    }

    private static bool IsFinite(Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.isfinite().all().ToBoolean();
    }
}
