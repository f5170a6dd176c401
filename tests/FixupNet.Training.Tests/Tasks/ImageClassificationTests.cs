using FixupNet.Randomness;
using FixupNet.Training.Data;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tests.Tasks;

public sealed class ImageClassificationTests
{
    private DisposeScope _scope = null!;

    [SetUp]
    public void OpenScope() => _scope = NewDisposeScope();

    [TearDown]
    public void CloseScope() => _scope.Dispose();

    // 260 images are more than the evaluator takes at once, and the last part is smaller.
    [Test]
    public void Evaluate_EqualsALoopOverImages()
    {
        var dataset = Some.Dataset(1, 260);
        var weights = Weights();
        using var network = new LinearNetwork(tensor(weights).view(Some.ClassCount, -1));
        using ITask task = new ImageClassification(Some.Pipeline(dataset, 32, precision: ScalarType.Float64));

        var evaluation = task.Evaluate(network);

        var (loss, accuracy) = Expected(dataset.Test, weights);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(evaluation.Loss, Is.EqualTo(loss).Within(1e-10)); // float64 sums of 3072 terms
            Assert.That(evaluation.Values["accuracy"], Is.EqualTo(accuracy));
            Assert.That(evaluation.ExampleCount, Is.EqualTo(260));
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Evaluate_RestoresTheMode_AfterEvaluationMode(bool wasTraining)
    {
        using var network = new LinearNetwork(tensor(Weights()).view(Some.ClassCount, -1));
        network.train(wasTraining);
        using ITask task = new ImageClassification(Some.Pipeline(Some.Dataset(1, 3), 32, precision: ScalarType.Float64));

        task.Evaluate(network);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(network.WasTraining, Is.False);
            Assert.That(network.training, Is.EqualTo(wasTraining));
        }
    }

    [Test]
    public void Evaluate_ChangesNeitherParametersNorRunningStatistics()
    {
        using var network = Some.Network("batchnorm");
        using ITask task = new ImageClassification(Some.Pipeline(Some.Dataset(1, 5), 32));
        var before = Some.State(network);

        task.Evaluate(network);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Some.State(network), Is.EqualTo(before));
            Assert.That(network.parameters().Select(parameter => parameter.grad), Is.All.Null);
        }
    }

    private static double[] Weights()
    {
        var random = new CounterRandom(3);
        return [.. Enumerable.Range(0, Some.ClassCount * ImageSet.BytesPerImage).Select(_ => 0.02 * (random.NextDouble() - 0.5))];
    }

    private static (double Loss, double Accuracy) Expected(ImageSet images, double[] weights)
    {
        var (loss, correct) = (0.0, 0);
        for (var i = 0; i < images.Count; i++)
        {
            var logits = new double[Some.ClassCount];
            for (var k = 0; k < logits.Length; k++)
                for (var p = 0; p < ImageSet.BytesPerImage; p++)
                    logits[k] += weights[k * ImageSet.BytesPerImage + p] * ((images.Pixels[i * ImageSet.BytesPerImage + p] - 127.5) / 63.75);
            loss += Math.Log(logits.Sum(Math.Exp)) - logits[images.Labels[i]];
            if (logits.Index().MaxBy(item => item.Item).Index == images.Labels[i]) correct++;
        }
        return (loss / images.Count, correct / (double)images.Count);
    }
}
