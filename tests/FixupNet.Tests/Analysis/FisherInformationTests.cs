using FixupNet.Analysis;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Tests.Analysis;

/// <summary>The Fisher information of linear classifiers, whose closed form is known, and of networks against loops over losses.</summary>
public sealed class FisherInformationTests
{
    // Of scores Wx: ∂ log p_y / ∂W_cd = (δ_yc − p_c)·x_d, so F_cd = mean Σ_y p_y (δ_yc − p_c)² x_d² = mean p_c (1 − p_c) x_d².
    [Test]
    public void Diagonal_OfALinearClassifier_IsItsClosedForm()
    {
        using var scope = NewDisposeScope();
        var images = tensor(Enumerable.Range(0, 12).Select(i => Math.Sin(i + 0.3)).ToArray()).view(4, 3);
        var weights = new Parameter(tensor(Enumerable.Range(0, 15).Select(i => Math.Cos(2.1 * i)).ToArray()).view(5, 3));

        var fisher = FisherInformation.Diagonal([weights], image => image.mm(weights.t()), images).Single();

        var p = images.mm(weights.t()).softmax(1).detach();
        var expected = (p * (1 - p)).t().mm(images.square()) / 4;
        Assert.That((fisher - expected).abs().max().ToDouble(), Is.LessThan(1e-14)); // double rounding
    }

    [TestCase("hessian batchnorm:8, width 2, 8x8")]
    [TestCase("hessian fixup:8, width 2, 8x8")]
    [TestCase("hessian plain:8, width 2, 8x8")]
    public void Diagonal_OfANetwork_IsTheMeanSquareOfLossGradients(string name)
    {
        using var scope = NewDisposeScope();
        var expected = StudyReference.All.GetProperty(name);
        using var network = StudyReference.Network(expected, 5);
        network.eval();
        var images = ReferenceTraining.Images(8, 8, ScalarType.Float64);
        List<Parameter> parameters = [.. network.parameters()];

        var fisher = FisherInformation.Diagonal(parameters, network.call, images);

        double[][] sums = [.. parameters.Select(parameter => new double[parameter.numel()])];
        for (var image = 0; image < 4; image++)
        for (var label = 0; label < 5; label++)
        {
            network.zero_grad();
            var loss = nn.functional.cross_entropy(network.call(images.narrow(0, image, 1)), tensor(new long[] { label }));
            loss.backward();
            var weight = Math.Exp(-loss.ToDouble()) / 4;
            foreach (var (sum, parameter) in sums.Zip(parameters))
            {
                var gradient = parameter.grad!.contiguous().data<double>().ToArray();
                for (var i = 0; i < sum.Length; i++) sum[i] += weight * gradient[i] * gradient[i];
            }
        }
        foreach (var (sum, information) in sums.Zip(fisher))
            Assert.That(information.contiguous().data<double>().ToArray(), Is.EqualTo(sum).Within(1e-12 * Math.Max(1, sum.Max()))); // double rounding
    }
}
