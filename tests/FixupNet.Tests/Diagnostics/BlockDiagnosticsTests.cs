using FixupNet.Diagnostics;
using FixupNet.Residual;
using static TorchSharp.torch;

namespace FixupNet.Tests.Diagnostics;

/// <summary>The diagnostics that watch a forward pass, on a network whose outputs are known.</summary>
public class BlockDiagnosticsTests
{
    [Test]
    public void ActivationMoments_MeasureEveryBlock()
    {
        using var scope = NewDisposeScope();

        var moments = ActivationMoments.Measure(new KnownNetwork(1.0, -3.0), ones([1, 1, 2, 2]));

        Assert.That(moments, Is.EqualTo(new[] { new BlockMoments("stem", 1.0, 1.0), new BlockMoments("block1", -3.0, 9.0) }));
    }

    // What somebody with a module of his own writes.
    [Test]
    public void Diagnostics_TakeAnyForwardPass()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(2, 3, hasBias: false);
        using (no_grad()) layer.weight!.fill_(2);
        var images = ones([4, 2]);
        Tensor Forward(Action<string, Tensor> watch)
        {
            var output = layer.call(images);
            watch("first", output);
            return output / 0;
        }

        var (moments, scan) = (ActivationMoments.Measure(Forward), NonFiniteScan.FirstBlock(Forward));
        var update = UpdateSize.Measure(() => layer.call(images), learningRate: 0.5, () => { using (no_grad()) layer.weight!.fill_(3); });

        Assert.Multiple(() =>
        {
            Assert.That(moments, Is.EqualTo(new[] { new BlockMoments("first", 4, 16) }));
            Assert.That(scan, Is.EqualTo(NonFiniteScan.Classifier));
            Assert.That(update, Is.EqualTo(2 * Math.Sqrt(3) / 0.5).Within(1e-12)); // each of three logits by 2
        });
    }

    [Test]
    public void ActivationMoments_DoNotOverflow_WhenSquaresDoInFloat32()
    {
        using var scope = NewDisposeScope();

        var moments = ActivationMoments.Measure(new KnownNetwork(1e30), ones([1, 1, 2, 2]));

        Assert.That(moments[0].SecondMoment, Is.EqualTo(1e60).Within(1e-4).Percent); // 1e30 in float32
    }

    [TestCase(1.0, double.PositiveInfinity, "block1")]
    [TestCase(double.NaN, 1.0, "stem")]
    [TestCase(1.0, 1.0, null)]
    public void NonFiniteScan_NamesTheFirstBlock(double stem, double block, string? expected)
    {
        using var scope = NewDisposeScope();

        Assert.That(NonFiniteScan.FirstBlock(new KnownNetwork(stem, block), ones([1, 1, 2, 2])), Is.EqualTo(expected));
    }

    [Test]
    public void NonFiniteScan_NamesTheClassifier_WhenOnlyLogitsAreNotFinite()
    {
        using var scope = NewDisposeScope();

        Assert.That(NonFiniteScan.FirstBlock(new KnownNetwork(1.0) { Logit = double.NaN }, ones([1, 1, 2, 2])), Is.EqualTo(NonFiniteScan.Classifier));
    }

    // Two images, three logits, each moved by 0.2: ‖Δf‖ = 0.2·√3.
    [Test]
    public void UpdateSize_IsTheChangePerLearningRate()
    {
        using var scope = NewDisposeScope();
        var network = new KnownNetwork(1.0) { Logit = 1.0 };

        var size = UpdateSize.Measure(network, ones([2, 1, 2, 2]), learningRate: 0.1, () => network.Logit = 1.2);

        Assert.That(size, Is.EqualTo(2 * Math.Sqrt(3)).Within(1e-5)); // float32 logits
    }

    [Test]
    public void UpdateSize_Throws_WhenArgumentsDoNotFit()
    {
        using var scope = NewDisposeScope();
        var (before, after) = (ones([2, 3]), ones([2, 4]));

        Assert.Multiple(() =>
        {
            Assert.That(() => UpdateSize.Of(before, after, 0.1), Throws.TypeOf<ShapeMismatchException>());
            Assert.That(() => UpdateSize.Of(before, before, 0.0), Throws.TypeOf<ArgumentOutOfRangeException>());
        });
    }

    // Every block's output is one constant.
    private sealed class KnownNetwork(params double[] outputs) : IResidualNetwork
    {
        public double Logit { get; set; }

        public ResidualTopology Topology => throw new NotSupportedException();

        public Tensor forward(Tensor images, Action<string, Tensor>? blockOutput)
        {
            for (var i = 0; i < outputs.Length; i++)
            {
                using var output = full([images.shape[0], 1, 2, 2], outputs[i]);
                blockOutput?.Invoke(i == 0 ? "stem" : $"block{i}", output);
            }
            return full([images.shape[0], 3], Logit);
        }
    }
}
