using FixupNet.Augmentation;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Augmentation;

public sealed class LabelSmoothingTests
{
    // PyTorch 1.13's cross_entropy(logits, labels, label_smoothing=e) in float64.
    [TestCase(0.0, 1.4864425875687768)]
    [TestCase(0.1, 1.51977592090211)]
    [TestCase(0.3, 1.5864425875687767)]
    public void CrossEntropy_EqualsPyTorch(double smoothing, double expected)
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 1.0, 2, -1, 0.5, 0, 3 }, [2, 3]);

        var loss = LabelSmoothing.CrossEntropy(logits, tensor([1L, 0]), smoothing);

        Assert.That(loss.ToDouble(), Is.EqualTo(expected).Within(1e-14)); // double rounding
    }

    [Test]
    public void MixupLoss_SmoothsBothLabels()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 1.0, 2, -1, 0.5, 0, 3 }, [2, 3]);
        var (own, partners) = (tensor([1L, 0]), tensor([2L, 2]));

        var loss = Mixup.Loss(logits, own, partners, 0.3, 0.1);

        var expected = LabelSmoothing.CrossEntropy(logits, own, 0.1) * 0.3 + LabelSmoothing.CrossEntropy(logits, partners, 0.1) * 0.7;
        Assert.That(loss.ToDouble(), Is.EqualTo(expected.ToDouble()).Within(1e-14));
    }
}
