using System.Numerics;
using FixupNet.Training.Data;

namespace FixupNet.Training.Tests.Data;

/// <summary>Softmax regression on raw pixels, trained by plain SGD one image at a time: what can be learned without looking at shapes.</summary>
internal static class LinearClassifier
{
    private const float LearningRate = 2e-4f;

    public static double TestAccuracy(ImageDataset dataset, int epochs)
    {
        var weights = new float[dataset.ClassNames.Count][];
        for (var label = 0; label < weights.Length; label++) weights[label] = new float[ImageSet.BytesPerImage];
        var input = new float[ImageSet.BytesPerImage];
        for (var step = 0; step < epochs * dataset.Train.Count; step++)
        {
            var index = step % dataset.Train.Count;
            Normalize(dataset, dataset.Train, index, input);
            var probabilities = Softmax(Logits(weights, input));
            for (var label = 0; label < weights.Length; label++)
            {
                var gradient = probabilities[label] - (label == dataset.Train.Labels[index] ? 1f : 0f);
                AddScaled(weights[label], input, -LearningRate * gradient);
            }
        }
        return Enumerable.Range(0, dataset.Test.Count).Average(index =>
        {
            Normalize(dataset, dataset.Test, index, input);
            var logits = Logits(weights, input);
            return Array.IndexOf(logits, logits.Max()) == dataset.Test.Labels[index] ? 1.0 : 0.0;
        });
    }

    private static void Normalize(ImageDataset dataset, ImageSet set, int index, float[] input)
    {
        for (var position = 0; position < input.Length; position++)
        {
            var channel = position / (ImageSet.Side * ImageSet.Side);
            var value = set.Pixels[index * ImageSet.BytesPerImage + position] / 255f;
            input[position] = (value - (float)dataset.ChannelMean[channel]) / (float)dataset.ChannelStd[channel];
        }
    }

    private static float[] Logits(float[][] weights, float[] input) => [.. weights.Select(row => Dot(row, input))];

    private static float Dot(float[] left, float[] right)
    {
        var sum = Vector<float>.Zero;
        for (var position = 0; position < left.Length; position += Vector<float>.Count)
            sum += new Vector<float>(left, position) * new Vector<float>(right, position);
        return Vector.Sum(sum);
    }

    private static void AddScaled(float[] target, float[] input, float factor)
    {
        for (var position = 0; position < target.Length; position += Vector<float>.Count)
            (new Vector<float>(target, position) + factor * new Vector<float>(input, position)).CopyTo(target, position);
    }

    private static float[] Softmax(float[] logits)
    {
        var exponentials = logits.Select(logit => MathF.Exp(logit - logits.Max())).ToArray();
        return [.. exponentials.Select(value => value / exponentials.Sum())];
    }
}
