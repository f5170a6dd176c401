using FixupNet.Initialization;
using FixupNet.Initialization.Schemes;
using FixupNet.Randomness;
using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Tests.Initialization;

public sealed class OrthonormalVectorsTests
{
    [TestCase(1, 1)]
    [TestCase(5, 5)]
    [TestCase(7, 30)]
    [TestCase(64, 64)]
    public void Draw_GivesOrthonormalVectors(int count, int length)
    {
        var random = new CounterRandom(1);

        var vectors = OrthonormalVectors.Draw(count, length, ref random).Chunk(length).ToList();

        using (Assert.EnterMultipleScope())
            for (var i = 0; i < count; i++)
                for (var j = 0; j <= i; j++) Assert.That(vectors[i].Zip(vectors[j], (a, b) => a * b).Sum(), Is.EqualTo(i == j ? 1.0 : 0.0).Within(1e-13), $"{i} {j}");
    }

    // The numbers are part of what a seed means, with every tensor library.
    [Test]
    public void Apply_GivesTheRecordedWeights()
    {
        var topology = new ResidualTopology([new("stem", new Parameter(zeros(2, 1, 1, 3)))], [], new("head", new Parameter(zeros(1, 2))));

        new OrthogonalScheme(Gain: 2).Apply(topology, seed: 1);

        Assert.That(topology.Stem[0].Weight.data<float>().ToArray(), Is.EqualTo(Recorded).Within(1e-6));
    }

    [TestCase(8, 4)]
    [TestCase(4, 8)]
    public void Orthogonal_HasOrthonormalRowsOrColumns(int outputs, int inputs)
    {
        using var scope = NewDisposeScope();
        var layer = new WeightLayer("layer", new Parameter(zeros([outputs, inputs, 3, 3], dtype: float64)), new Parameter(ones([outputs], dtype: float64)));
        using (no_grad()) new WeightDraw(new Generator(3)).Orthogonal(layer, gain: 1.5);

        var matrix = layer.Weight.detach().view(outputs, -1);
        var product = outputs <= inputs * 9 ? matrix.matmul(matrix.t()) : matrix.t().matmul(matrix);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((product - Diagonal(product.shape[0])).abs().max().ToDouble(), Is.LessThan(1e-12));
            Assert.That(layer.Bias!.abs().max().ToDouble(), Is.Zero);
        }
    }

    [Test]
    public void DeltaOrthogonal_KeepsNorms_AndRefusesFewerOutputs()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var (wide, narrow) = (new WeightLayer("wide", new Parameter(zeros([6, 4, 3, 3], dtype: float64))), new WeightLayer("narrow", new Parameter(zeros(3, 4, 3, 3))));
        var draw = new WeightDraw(new Generator(3));
        draw.DeltaOrthogonal(wide, gain: 1.5);
        var images = Cases.Images(2, dtype: float64).view(1, 6, 8, 8).narrow(1, 0, 4);

        var output = nn.functional.conv2d(images, wide.Weight, padding: [1, 1]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(output.norm().ToDouble(), Is.EqualTo(1.5 * images.norm().ToDouble()).Within(1e-12));
            Assert.That(() => draw.DeltaOrthogonal(narrow, gain: 1), Throws.ArgumentException.With.Message.Contains("narrow has fewer outputs than inputs"));
        }
    }

    private static Tensor Diagonal(long size) => tensor([.. Enumerable.Range(0, (int)(size * size)).Select(i => i % (size + 1) == 0 ? 2.25 : 0.0)]).view(size, size);

    private static readonly float[] Recorded = [-0.85742253f, -0.9427964f, -1.5414155f, -1.7226467f, -0.08834118f, 1.0122669f];
}
