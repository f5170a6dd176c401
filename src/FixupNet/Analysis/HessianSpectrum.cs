using FixupNet.Randomness;
using MathNet.Numerics.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Analysis;

/// <summary>An eigenvalue and what is known of it.</summary>
/// <param name="Value">⟨v, Av⟩ of the last iteration.</param>
/// <param name="Residual">‖Av − λv‖: an eigenvalue lies within this distance.</param>
/// <param name="Iterations">Products that were computed.</param>
/// <param name="IsConverged">Whether the tolerance was reached.</param>
/// <param name="Vector">v [size], of norm 1; the caller's to dispose.</param>
public sealed record Eigenpair(double Value, double Residual, int Iterations, bool IsConverged, Tensor Vector);

/// <summary>An estimate from random probes.</summary>
/// <param name="Mean">Mean over the probes.</param>
/// <param name="StandardError">Standard deviation of the probes over √n; NaN of a single one.</param>
/// <param name="Count">Probes.</param>
public sealed record ProbedEstimate(double Mean, double StandardError, int Count);

/// <summary>What can be known of a large symmetric matrix by products with vectors alone.</summary>
/// <remarks>Inner products are summed in float64, vectors are of the dtype that products have.</remarks>
public static class HessianSpectrum
{
    /// <summary>A random direction of norm 1: equal chances of + and − in every element (Rademacher).</summary>
    /// <param name="size">Its length.</param>
    /// <param name="seed">The same seed gives the same direction everywhere.</param>
    /// <param name="dtype">Its type.</param>
    /// <param name="device">Its place.</param>
    public static Tensor Direction(long size, ulong seed, ScalarType dtype, Device device)
    {
        var random = new CounterRandom(seed);
        var signs = new float[size];
        var bits = 0UL;
        for (var i = 0; i < signs.Length; i++)
        {
            bits = i % 64 == 0 ? random.NextBits() : bits >> 1;
            signs[i] = (bits & 1) == 0 ? -1 : 1;
        }
        using var scope = NewDisposeScope();
        return tensor(signs).to(dtype).to(device).div_(Math.Sqrt(size)).MoveToOuterDisposeScope();
    }

    /// <summary>The eigenvalue of greatest magnitude, by power iteration.</summary>
    /// <param name="product">The matrix times a vector.</param>
    /// <param name="start">Where to begin, not 0; not changed.</param>
    /// <param name="tolerance">Stops when ‖Av − λv‖ is at most this share of |λ|, above 0.</param>
    /// <param name="most">Most products.</param>
    /// <param name="deflated">Eigenvectors already known, which are left out.</param>
    public static Eigenpair Dominant(
        Func<Tensor, Tensor> product, Tensor start, double tolerance = 1e-3, int most = 100, IReadOnlyList<Tensor>? deflated = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        using var scope = NewDisposeScope();
        var first = Without(start, deflated);
        var vector = first / Norm(first);
        for (var iteration = 1; ; iteration++)
        {
            using var inner = NewDisposeScope();
            var next = Without(product(vector), deflated);
            var (value, norm) = (Dot(vector, next), Norm(next));
            var residual = Norm(next - vector * value);
            var isConverged = residual <= tolerance * Math.Abs(value);
            // 0 is an eigenvalue too, of a matrix that has no other left.
            if (isConverged || iteration == most || norm is 0 or double.NaN)
                return new Eigenpair(value, residual, iteration, isConverged, vector.MoveToOuterDisposeScope());
            vector.Dispose();
            vector = (next / norm).MoveToOuterDisposeScope();
        }
    }

    /// <summary>The trace, by Hutchinson's estimate: the mean of vᵀAv over vectors of ±1.</summary>
    /// <param name="product">The matrix times a vector.</param>
    /// <param name="probes">Directions of norm 1 with elements of one magnitude, such as <see cref="Direction"/>; at least one.</param>
    public static ProbedEstimate Trace(Func<Tensor, Tensor> product, IEnumerable<Tensor> probes)
    {
        List<double> values = [];
        foreach (var probe in probes)
        {
            using var scope = NewDisposeScope();
            values.Add(probe.numel() * Dot(probe, product(probe)));
        }
        var mean = values.Average();
        var squares = values.Sum(value => (value - mean) * (value - mean));
        return new ProbedEstimate(mean, values.Count > 1 ? Math.Sqrt(squares / (values.Count - 1) / values.Count) : double.NaN, values.Count);
    }

    /// <summary>A quadrature of the spectrum seen from one vector (stochastic Lanczos quadrature): Σ weight·f(node) ≈ vᵀf(A)v.</summary>
    /// <param name="product">The matrix times a vector.</param>
    /// <param name="start">v, of norm 1; not changed.</param>
    /// <param name="steps">Products, and nodes at most; each keeps a vector.</param>
    /// <returns>Nodes in ascending order with weights that sum to 1.</returns>
    public static IReadOnlyList<(double Node, double Weight)> Lanczos(Func<Tensor, Tensor> product, Tensor start, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        using var scope = NewDisposeScope();
        List<Tensor> basis = [start];
        List<double> diagonal = [], beside = [];
        while (true)
        {
            using var inner = NewDisposeScope();
            var next = product(basis[^1]);
            diagonal.Add(Dot(basis[^1], next));
            // Orthogonal to every vector before, twice: once is not enough where rounding has spoiled orthogonality.
            next = Without(Without(next, basis), basis);
            var norm = Norm(next);
            if (diagonal.Count == Math.Min(steps, start.numel()) || !(norm > 1e-10 * diagonal.Max(Math.Abs))) break;
            beside.Add(norm);
            basis.Add((next / norm).MoveToOuterDisposeScope());
        }
        var matrix = Matrix<double>.Build.Dense(diagonal.Count, diagonal.Count, (row, column) =>
            row == column ? diagonal[row] : Math.Abs(row - column) == 1 ? beside[Math.Min(row, column)] : 0);
        var eigen = matrix.Evd(Symmetricity.Symmetric);
        return [.. eigen.EigenValues.Select((value, i) => (value.Real, Math.Pow(eigen.EigenVectors[0, i], 2))).OrderBy(pair => pair.Real)];
    }

    /// <summary>The density of the spectrum: each node a normal distribution.</summary>
    /// <param name="quadratures">What <see cref="Lanczos"/> gave from one or more random vectors.</param>
    /// <param name="points">Points of the grid, at least 2.</param>
    /// <param name="width">Variance of a node's distribution as a multiple of max(1, range of the nodes).</param>
    /// <returns>Points in ascending order with densities.</returns>
    public static IReadOnlyList<(double Value, double Density)> Density(
        IReadOnlyList<IReadOnlyList<(double Node, double Weight)>> quadratures, int points = 400, double width = 1e-5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        var (least, most) = (quadratures.Min(nodes => nodes[0].Node), quadratures.Max(nodes => nodes[^1].Node));
        var deviation = Math.Sqrt(width * Math.Max(1, most - least));
        var (from, to) = (least - 4 * deviation, most + 4 * deviation);
        double At(double value) => quadratures.Average(nodes => nodes.Sum(node => node.Weight * Gaussian((value - node.Node) / deviation) / deviation));
        return [.. Enumerable.Range(0, points).Select(i => from + (to - from) * i / (points - 1)).Select(value => (value, At(value)))];
    }

    private static double Gaussian(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);

    private static Tensor Without(Tensor vector, IReadOnlyList<Tensor>? others) =>
        (others ?? []).Aggregate(vector, (rest, other) => rest - other * Dot(rest, other));

    private static double Norm(Tensor vector) => Math.Sqrt(Dot(vector, vector));

    private static double Dot(Tensor left, Tensor right)
    {
        using var scope = NewDisposeScope();
        return (left * right).sum(type: ScalarType.Float64).ToDouble();
    }
}
