using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Diagnostics;

/// <summary>Mean and second moment of one block's output.</summary>
/// <param name="Name">The block's name.</param>
/// <param name="Mean">Mean of all elements.</param>
/// <param name="SecondMoment">Mean of the squares of all elements; infinite or NaN where the output is.</param>
public sealed record BlockMoments(string Name, double Mean, double SecondMoment);

/// <summary>Measures how a network's signal grows from block to block.</summary>
public static class ActivationMoments
{
    /// <summary>Runs the network forward, without gradients, in the mode it is in, and measures every block's output in float64.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">Images [N,C,H,W].</param>
    /// <returns>The moments in forward order, the stem first.</returns>
    public static IReadOnlyList<BlockMoments> Measure(IResidualNetwork network, Tensor images) => Measure(watch => network.forward(images, watch));

    /// <summary>The same of any network.</summary>
    /// <param name="forward">Runs it forward.</param>
    /// <returns>The moments in forward order.</returns>
    public static IReadOnlyList<BlockMoments> Measure(WatchedForward forward)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var moments = new List<BlockMoments>();
        forward((name, output) => moments.Add(MomentsOf(name, output)));
        return moments;
    }

    private static BlockMoments MomentsOf(string name, Tensor output)
    {
        using var scope = NewDisposeScope();
        var values = output.to(ScalarType.Float64);
        return new BlockMoments(name, values.mean().ToDouble(), values.square().mean().ToDouble());
    }
}
