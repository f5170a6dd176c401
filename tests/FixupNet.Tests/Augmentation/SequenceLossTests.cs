using FixupNet.Augmentation;
using FixupNet.Tests.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Augmentation;

public class SequenceLossTests
{
    // (1−ε−ε/(V−1))·nll + ε/(V−1)·Σ(−log p), worked out word by word.
    [TestCase(0.0)]
    [TestCase(0.1)]
    public void Mean_IsFairseqs(double smoothing)
    {
        using var scope = NewDisposeScope();
        var (logits, targets) = (TransformerReference.Create(TransformerReference.OptionsOf("pre attention")).call(TransformerReference.Tokens()), TransformerReference.Part("target"));
        var (log, words) = (logits.log_softmax(2).data<double>().ToArray(), targets.data<long>().ToArray());
        var (symbols, sum, plain, count) = (TransformerReference.Vocabulary, 0.0, 0.0, 0);
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] == Symbols.Pad) continue;
            var of = log.AsSpan(i * symbols, symbols).ToArray();
            sum += (1 - smoothing - smoothing / (symbols - 1)) * -of[words[i]] + smoothing / (symbols - 1) * -of.Sum();
            plain -= of[words[i]];
            count++;
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(SequenceLoss.Mean(logits, targets, smoothing).ToDouble(), Is.EqualTo(sum / count).Within(1e-12)); // rounding of float64
            Assert.That(SequenceLoss.Sum(logits, targets).ToDouble(), Is.EqualTo(plain).Within(1e-10));
        }
    }

    [Test]
    public void Mean_LeavesOutPadsBeyondTheLogits()
    {
        using var scope = NewDisposeScope();
        var logits = zeros([2, 3, 7], dtype: ScalarType.Float64);
        var targets = tensor([4L, 5, 2, 1, 1, 6, 2, 1, 1, 1]).view(2, 5);

        Assert.That(SequenceLoss.Mean(logits, targets, 0.1).ToDouble(), Is.EqualTo(Math.Log(7)).Within(1e-12)); // rounding of float64
    }
}
