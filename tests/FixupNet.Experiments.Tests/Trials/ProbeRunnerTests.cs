using FixupNet.Experiments.Trials;
using FixupNet.Residual;

namespace FixupNet.Experiments.Tests.Trials;

internal sealed class ProbeRunnerTests : TrialFixture
{
    private static readonly string[] s_layers =
    [
        "conv1", "layer1.0.conv1", "layer1.0.conv2", "layer2.0.conv1", "layer2.0.conv2", "layer3.0.conv1", "layer3.0.conv2", "fc",
    ];

    [Test]
    public void Run_MeasuresAFixupNetworkAtItsBeginning()
    {
        var probe = ProbeRunner.Run(Document("training.batchSize=8"), OnCpu);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(probe.Layers.Select(layer => layer.Name), Is.EqualTo(s_layers));
            Assert.That(probe.Layers.SkipLast(1).Select(layer => layer.InitialGradientNorm), Is.All.Zero);
            Assert.That(probe.Layers[^1].InitialGradientNorm, Is.Positive);
            Assert.That(probe.Layers.Select(layer => layer.GradientNorm), Is.All.Positive);
            Assert.That(probe.UpdateSizes, Has.Count.EqualTo(5));
            Assert.That(probe.UpdateSizes.All(size => double.IsFinite(size) && size > 0), Is.True);
            Assert.That(probe.UpdateSizesByRole.Select(part => part.Role), Is.EqualTo(
                (ParameterRole[])[ParameterRole.Weight, ParameterRole.ClassifierBias, ParameterRole.ScalarBias, ParameterRole.Multiplier]));
            Assert.That(probe.UpdateSizesByRole.Sum(part => part.UpdateSize), Is.GreaterThanOrEqualTo(probe.UpdateSizes[2] * 0.99)); // the parts add up, but for their products
            Assert.That(probe.Loss, Is.EqualTo(Math.Log(10)).Within(1e-6)); // equal logits, float32
            Assert.That(probe.Failure, Is.Null);
        }
    }

    [Test]
    public void Run_ShowsASignalThatGrowsWithDepth_WhenPlain()
    {
        var moments = SecondMoments("plain");

        var stage = moments[1..19]; // the first stage: no change of width, no shortcut that halves the image
        var factors = stage.Skip(1).Zip(stage, (next, block) => next / block).ToArray();
        Assert.That(factors.Average(Math.Log), Is.GreaterThan(Math.Log(1.5)));
        Assert.That(moments[^1] / moments[0], Is.GreaterThan(1e9));
    }

    [Test]
    public void Run_ShowsASignalThatDoesNotGrow_WhenFixup()
    {
        var moments = SecondMoments("fixup");

        Assert.That(moments.Max() / moments[0], Is.LessThan(2));
    }

    [Test]
    public void Run_StopsAtTheFirstFailure()
    {
        var probe = ProbeRunner.Run(
            Document("model.variant=plain", "model.depth=110", "training.batchSize=2", "optimizer.learningRate=1000"), OnCpu);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(probe.Failure, Is.Not.Null);
            Assert.That(probe.UpdateSizes, Has.Count.LessThan(5));
            Assert.That(probe.Layers.Select(layer => layer.InitialGradientNorm), Is.All.Positive);
            Assert.That(probe.Layers.Select(layer => layer.GradientNorm), Is.All.NaN);
        }
    }

    private static double[] SecondMoments(string variant)
    {
        var probe = ProbeRunner.Run(Document($"model.variant={variant}", "model.depth=110", "training.batchSize=4"), OnCpu);
        return [.. probe.Blocks.Select(block => block.SecondMoment)];
    }
}
