namespace FixupNet.Initialization;

/// <summary>The depth-dependent factor of Fixup's rule 2.</summary>
public static class BranchScale
{
    /// <summary>Factor for the weights of a branch: L^(-1/(2m-2)).</summary>
    /// <param name="branchCount">L, residual branches in the network, at least 1.</param>
    /// <param name="layersPerBranch">m, weight layers in the branch, at least 2.</param>
    /// <returns>The factor, in (0, 1].</returns>
    /// <exception cref="ArgumentOutOfRangeException">L or m is below its minimum.</exception>
    /// <remarks>arXiv:1901.09321, Sec. 3, rule 2.</remarks>
    public static double Of(int branchCount, int layersPerBranch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(branchCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(layersPerBranch, 2);
        return Math.Pow(branchCount, -1.0 / (2.0 * layersPerBranch - 2.0));
    }
}
