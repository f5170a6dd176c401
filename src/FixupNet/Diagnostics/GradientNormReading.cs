namespace FixupNet.Diagnostics;

/// <summary>Gradient norms at one moment.</summary>
/// <param name="Total">L2 norm over every parameter; infinite or NaN where the gradients are.</param>
/// <param name="Norms">L2 norm of each watched layer, in the order of its names.</param>
public sealed record GradientNormReading(double Total, IReadOnlyList<double> Norms)
{
    /// <summary>The state of the total.</summary>
    public NormState State => NormStates.Of(Total);

    /// <summary>The first layer whose norm is not finite, as an index into <see cref="Norms"/>; null if all are finite.</summary>
    public int? FirstNonFinite
    {
        get
        {
            for (var i = 0; i < Norms.Count; i++)
                if (!double.IsFinite(Norms[i])) return i;
            return null;
        }
    }
}
