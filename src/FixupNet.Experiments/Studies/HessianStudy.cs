using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using FixupNet.Analysis;
using FixupNet.Runs.Records;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Studies;

/// <summary>Options of the "hessian" study.</summary>
/// <param name="Images">Training images, the first ones in their original form, whose mean cross-entropy is differentiated.</param>
/// <param name="Eigenvalues">Eigenvalues of greatest magnitude that are looked for.</param>
/// <param name="Iterations">Products at most for each of them.</param>
/// <param name="Tolerance">‖Hv − λv‖ as a share of |λ| at which an eigenvalue counts as found.</param>
/// <param name="Probes">Random directions for the trace and for the spectrum.</param>
/// <param name="LanczosSteps">Products for each direction's spectrum.</param>
/// <param name="BatchStatistics">Whether batch normalization sees the statistics of these images, as in training, or its running ones: two Hessians.</param>
public sealed record HessianOptions(
    [property: Description("Training images, the first ones."), Range(1, 1_000_000)] int Images = 100,
    [property: Description("Eigenvalues of greatest magnitude."), Range(1, 100)] int Eigenvalues = 2,
    [property: Description("Products at most for each eigenvalue."), Range(1, 100_000)] int Iterations = 30,
    [property: Description("When an eigenvalue counts as found."), Range(1e-12, 1.0)] double Tolerance = 1e-3,
    [property: Description("Random directions for trace and spectrum."), Range(1, 1000)] int Probes = 3,
    [property: Description("Products for each direction's spectrum."), Range(1, 1000)] int LanczosSteps = 20,
    [property: Description("Whether batch normalization uses the statistics of these images.")] bool BatchStatistics = false);

/// <summary>The Hessian of the loss by the weights (arXiv:1912.07145), by products alone.</summary>
internal static class HessianStudy
{
    private const double LeastDensity = 0.0001;

    internal static StudyFindings Run(StudyTrial trial, HessianOptions options)
    {
        using var scope = NewDisposeScope();
        trial.Network.train(options.BatchStatistics);
        var batch = trial.Images.Original(0, Math.Min(options.Images, trial.Images.TrainCount));
        List<Parameter> parameters = [.. trial.Network.parameters()];
        var gradientSeconds = Seconds(() => autograd.grad([Loss()], [.. parameters.Select(parameter => (Tensor)parameter)]));
        using var curvature = new Curvature(parameters, Loss);
        var (products, productSeconds) = (0, 0.0);

        List<StudyValue> values = [new("loss", curvature.Loss), new("gradient norm", curvature.Gradient.norm().ToDouble())];
        List<Tensor> known = [];
        for (var i = 0; i < options.Eigenvalues; i++)
        {
            var found = HessianSpectrum.Dominant(Product, Direction(i), options.Tolerance, options.Iterations, known);
            known.Add(found.Vector);
            values.Add(new(found.IsConverged ? $"eigenvalue {i + 1} by magnitude" : $"eigenvalue {i + 1} by magnitude (not converged)", found.Value, StandardError: found.Residual));
        }
        var trace = HessianSpectrum.Trace(Product, Enumerable.Range(0, options.Probes).Select(probe => Direction(options.Eigenvalues + probe)));
        values.Add(new("trace", trace.Mean, StandardError: double.IsNaN(trace.StandardError) ? null : trace.StandardError));
        var spectra = Enumerable.Range(0, options.Probes).Select(probe => HessianSpectrum.Lanczos(Product, Direction(options.Eigenvalues + probe), options.LanczosSteps)).ToList();
        // The ends of a spectrum are what Lanczos finds first; they lie within the true ones.
        values.Add(new("smallest eigenvalue seen", spectra.Min(nodes => nodes[0].Node)));
        values.Add(new("largest eigenvalue seen", spectra.Max(nodes => nodes[^1].Node)));
        values.Add(new("time of a product over that of a gradient", productSeconds / products / gradientSeconds));
        var density = HessianSpectrum.Density(spectra, points: 200, width: 1e-3);
        // Between eigenvalues the density falls to 1e-300, and powers of ten would show little else.
        return new StudyFindings(values,
        [
            new StudyCurve(
                "density of the spectrum", "eigenvalue", $"density (at least {LeastDensity})", [.. density.Select(point => point.Value)],
                [.. density.Select(point => Math.Max(LeastDensity, point.Density))], IsLogarithmic: true),
        ]);

        Tensor Loss() => nn.functional.cross_entropy(trial.Network.call(batch.Images), batch.Labels);

        Tensor Direction(int index) =>
            HessianSpectrum.Direction(curvature.Size, trial.Seeds.Stream("study-hessian", 0, index), batch.Images.dtype, trial.Device);

        Tensor Product(Tensor direction)
        {
            products++;
            Tensor? product = null;
            productSeconds += Seconds(() => product = curvature.Product(direction));
            return product!;
        }
    }

    private static double Seconds(Action action)
    {
        var started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
