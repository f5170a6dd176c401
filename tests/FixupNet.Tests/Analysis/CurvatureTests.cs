using FixupNet.Analysis;
using FixupNet.Execution;
using MathNet.Numerics.LinearAlgebra;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Tests.Analysis;

/// <summary>Hessians against PyTorch's, against those known in closed form, and against differences of gradients.</summary>
public sealed class CurvatureTests
{
    private static IEnumerable<string> Networks => StudyReference.NetworksOf("hessian");

    [TestCaseSource(nameof(Networks))]
    public void Products_EqualPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var expected = StudyReference.All.GetProperty(name);
        var classCount = expected.GetProperty("classes").GetInt32();
        using var network = StudyReference.Network(expected, classCount);
        using var curvature = Of(network, expected.GetProperty("image").GetInt32());
        var direction = Cosines(curvature.Size);

        var product = curvature.Product(direction);
        // Of the network of CIFAR's size a hundred products take long: the small ones show the way there.
        var dominant = curvature.Size < 10_000 ? HessianSpectrum.Dominant(curvature.Product, direction, 1e-10, 5000) : null;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(curvature.Size, Is.EqualTo(expected.GetProperty("parameters").GetInt64()));
            Assert.That(curvature.Loss, Is.EqualTo(expected.Number("loss")).Within(1e-9));
            Assert.That(curvature.Gradient.norm().ToDouble(), Is.EqualTo(expected.Number("gradient_norm")).Within(1e-9));
            Assert.That(product.norm().ToDouble(), Is.EqualTo(expected.Number("hvp_norm")).Within(1e-9));
            Assert.That((product * direction).sum().ToDouble(), Is.EqualTo(expected.Number("v.Hv")).Within(1e-9));
            Assert.That(product.data<double>().ToArray()[..6], Is.EqualTo(expected.Numbers("hvp_first_entries")).Within(1e-9));
            if (dominant is null) return;
            Assert.That(dominant.Value, Is.EqualTo(expected.Number("dominant_eigenvalue")).Within(1e-9 * Math.Abs(expected.Number("dominant_eigenvalue"))));
            Assert.That((dominant.IsConverged, dominant.Iterations), Is.EqualTo((true, expected.GetProperty("power_iterations").GetInt32())));
        }
    }

    private static IEnumerable<TestCaseData> NetworksWithTheirHessians => Networks.Where(name => StudyReference.All.GetProperty(name).TryGetProperty("trace", out _))
        .Select(name => name.Contains("batchnorm", StringComparison.Ordinal) ? new TestCaseData(name) : new TestCaseData(name).SetCategory("Slow")); // 1,300 products, 5 s each

    [TestCaseSource(nameof(NetworksWithTheirHessians))]
    public void TheWholeHessian_EqualsPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var expected = StudyReference.All.GetProperty(name);
        using var network = StudyReference.Network(expected, expected.GetProperty("classes").GetInt32());
        using var curvature = Of(network, expected.GetProperty("image").GetInt32());

        var hessian = Explicit(curvature.Product, (int)curvature.Size);
        var values = hessian.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).Order().ToArray();
        var quadrature = HessianSpectrum.Lanczos(curvature.Product, HessianSpectrum.Direction(curvature.Size, 1, ScalarType.Float64, CPU), 60);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((hessian - hessian.Transpose()).FrobeniusNorm(), Is.LessThan(1e-10 * hessian.FrobeniusNorm()));
            Assert.That(hessian.Trace(), Is.EqualTo(expected.Number("trace")).Within(1e-9 * hessian.FrobeniusNorm()));
            Assert.That(hessian.FrobeniusNorm(), Is.EqualTo(expected.Number("frobenius_norm")).Within(1e-9).Percent);
            Assert.That(values.Reverse().Take(5), Is.EqualTo(expected.Numbers("five_largest")).Within(1e-8));
            Assert.That(values.Take(3), Is.EqualTo(expected.Numbers("three_smallest")).Within(1e-8));
            Assert.That(quadrature[^1].Node, Is.EqualTo(values[^1]).Within(1e-6), "the ends of a spectrum are the first that Lanczos finds");
            Assert.That(quadrature[0].Node, Is.EqualTo(values[0]).Within(1e-6));
            Assert.That(quadrature.Sum(node => node.Weight), Is.EqualTo(1).Within(1e-12));
        }
    }

    [Test]
    public void AProblemsHessian_IsThatOfItsClosedForm()
    {
        using var scope = NewDisposeScope();
        var forms = StudyReference.All.GetProperty("hessians in closed form");
        var (a, data, v) = (Formula([5, 5], 1), Formula([12, 5], 2) * 3, Formula([7, 2], 4));
        var (x, w, u) = (new Parameter(Formula([5, 1], 9)), new Parameter(Formula([1, 5], 3).view(5)), new Parameter(Formula([5, 2], 6)));

        Check("quadratic", x, () => x.t().matmul(a).matmul(x).sum());
        Check("logistic (sum over examples)", w, () => ((-data.matmul(w.unsqueeze(1))).exp() + 1).log().sum());
        Check("factorization, U flattened by rows", u, () => (Formula([5, 7], 8) - u.matmul(v.t())).square().sum());

        void Check(string form, Parameter parameter, Func<Tensor> loss)
        {
            using var curvature = new Curvature([parameter], loss);
            var hessian = Explicit(curvature.Product, (int)curvature.Size);
            var expected = forms.GetProperty(form);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(hessian.Row(0), Is.EqualTo(expected.Numbers("first_row")).Within(1e-12), form);
                Assert.That(hessian.Trace(), Is.EqualTo(expected.Number("trace")).Within(1e-11), form);
                Assert.That(hessian.FrobeniusNorm(), Is.EqualTo(expected.Number("frobenius_norm")).Within(1e-11), form);
            }
        }
    }

    [Test]
    public void Refuses_ALossThatIsNotOneNumber_AndADirectionOfAnotherSize()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(ones([3], ScalarType.Float64));
        using var curvature = new Curvature([parameter], () => parameter.square().sum());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => new Curvature([parameter], () => parameter.square()), Throws.ArgumentException.With.Message.Contains("[3]"));
            Assert.That(() => new Curvature([], () => parameter.sum()), Throws.ArgumentException);
            Assert.That(() => curvature.Product(ones([2], ScalarType.Float64)), Throws.ArgumentException.With.Message.Contains("must have 3"));
        }
    }

    private static Curvature Of(ResidualNetwork network, int side)
    {
        List<Parameter> parameters = [.. network.named_parameters().OrderBy(item => item.name, StringComparer.Ordinal).Select(item => item.parameter)];
        var images = ReferenceTraining.Images(side, side, ScalarType.Float64, count: 4);
        return new Curvature(parameters, () => nn.functional.cross_entropy(network.call(images), tensor([0L, 1L, 2L, 3L])));
    }

    private static Matrix<double> Explicit(Func<Tensor, Tensor> product, int size) => Matrix<double>.Build.DenseOfRowArrays(Enumerable.Range(0, size).Select(row =>
    {
        using var scope = NewDisposeScope();
        var direction = zeros([size], ScalarType.Float64);
        direction.narrow(0, row, 1).fill_(1);
        return product(direction).data<double>().ToArray();
    }));

    private static Tensor Cosines(long size)
    {
        using var direction = tensor([.. Enumerable.Range(0, (int)size).Select(i => Math.Cos(0.7 * i + 0.1))]);
        return direction / direction.norm();
    }

    // The reference's formula of matrices.
    private static Tensor Formula(long[] shape, int k) => tensor(
    [
        .. Enumerable.Range(0, (int)(shape[0] * shape[1])).Select(i => (double)(float)(2 / Math.Sqrt(shape[0] + shape[1]) * Math.Cos(0.7 * i + 1.3 * k + 0.1 + 0.003 * Math.Pow(i % 1009, 2)))),
    ]).view(shape);
}
