using System.Runtime.CompilerServices;
using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.DepthFirst;

/// <summary>The head of a network for some images at a time: mean over pixels, bias, linear layer, cross-entropy and their gradients.</summary>
internal sealed unsafe class Classifier(HeadLayers head, int imagesAtOnce)
{
    private readonly float[] _features = new float[imagesAtOnce * head.FeatureCount];
    private readonly float[] _featureGradient = new float[imagesAtOnce * head.FeatureCount];
    private readonly float[] _logits = new float[imagesAtOnce * head.ClassCount];

    private int FeatureCount => head.FeatureCount;

    private int ClassCount => head.ClassCount;

    /// <summary>Class scores of the images at hand [images][classes]; after the loss, its gradient.</summary>
    internal ReadOnlySpan<float> Logits(int images) => _logits.AsSpan(0, images * ClassCount);

    /// <summary>Computes class scores from the last ReLU's output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Forward<TValue>(IKernels<TValue> kernels, TValue* output, int images, int pixels) where TValue : unmanaged, IActivation<TValue>
    {
        fixed (float* features = _features) kernels.MeanOverPixels(output, images, FeatureCount, pixels, features);
        float bias = head.Bias2.ValueOr(0), gain = (float)(head.Gain ?? 1);
        for (var i = 0; i < images * FeatureCount; i++) _features[i] = (_features[i] * gain) + bias;
        for (var n = 0; n < images; n++)
            for (var k = 0; k < ClassCount; k++)
            {
                var score = head.Bias.Values[k];
                var weights = head.Weights.Values + ((nint)k * FeatureCount);
                for (var f = 0; f < FeatureCount; f++) score += _features[(n * FeatureCount) + f] * weights[f];
                _logits[(n * ClassCount) + k] = score;
            }
    }

    /// <summary>Adds up the loss, and turns class scores into their gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void AddLoss(in Images images, int batchCount, ref Totals totals)
    {
        for (var n = 0; n < images.Count; n++)
        {
            var logits = _logits.AsSpan(n * ClassCount, ClassCount);
            var largest = Largest(logits);
            double sum = 0;
            foreach (var logit in logits) sum += Math.Exp((double)logit - logits[largest]);
            var logSum = Math.Log(sum) + logits[largest];
            int label = (int)images.Labels[n], partner = images.Partners is null ? label : (int)images.Partners[n];
            var weight = images.Partners is null ? 1 : images.LabelWeight;
            var loss = (weight * (logSum - logits[label])) + ((1 - weight) * (logSum - logits[partner]));
            if (images.Smoothing > 0) loss = ((1 - images.Smoothing) * loss) + (images.Smoothing * (logSum - Mean(logits)));
            totals.Loss += loss / batchCount;
            totals.Correct += largest == label ? 1 : 0;
            totals.PartnerCorrect += largest == partner ? 1 : 0;
            for (var k = 0; k < logits.Length; k++)
            {
                var target = (k == label ? weight : 0) + (k == partner ? 1 - weight : 0);
                target = ((1 - images.Smoothing) * target) + (images.Smoothing / logits.Length);
                logits[k] = (float)((Math.Exp(logits[k] - logSum) - target) / batchCount);
            }
        }
    }

    internal void AddBiasGradient(float* bias, int images)
    {
        for (var n = 0; n < images; n++)
            for (var k = 0; k < ClassCount; k++) bias[k] += _logits[(n * ClassCount) + k];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void AddWeightGradient(float* weights, int images)
    {
        for (var n = 0; n < images; n++)
            for (var k = 0; k < ClassCount; k++)
                for (var f = 0; f < FeatureCount; f++) weights[((nint)k * FeatureCount) + f] += _logits[(n * ClassCount) + k] * _features[(n * FeatureCount) + f];
    }

    /// <summary>The gradient of the last block's output, 0 where its ReLU was.</summary>
    /// <param name="kernels">The kernels.</param>
    /// <param name="output">The last block's output.</param>
    /// <param name="images">Images.</param>
    /// <param name="pixels">Pixels of a channel.</param>
    /// <param name="gradient">Where it goes.</param>
    /// <returns>The gradients of the bias before the linear layer, and of the last block's last bias.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal (double Bias, double BlockEnd) Backward<TValue>(IKernels<TValue> kernels, TValue* output, int images, int pixels, TValue* gradient)
        where TValue : unmanaged, IActivation<TValue>
    {
        Array.Clear(_featureGradient);
        for (var n = 0; n < images; n++)
            for (var k = 0; k < ClassCount; k++)
                for (var f = 0; f < FeatureCount; f++)
                    _featureGradient[(n * FeatureCount) + f] += _logits[(n * ClassCount) + k] * head.Weights.Values[((nint)k * FeatureCount) + f];
        double bias = 0;
        for (var i = 0; i < images * FeatureCount; i++) bias += _featureGradient[i];
        if (head.Gain is { } gain)
            for (var i = 0; i < images * FeatureCount; i++) _featureGradient[i] *= (float)gain;
        fixed (float* features = _featureGradient) return (bias, kernels.SpreadOverPixels(features, output, images, FeatureCount, pixels, gradient));
    }

    private static double Mean(ReadOnlySpan<float> logits)
    {
        double sum = 0;
        foreach (var logit in logits) sum += logit;
        return sum / logits.Length;
    }

    /// <summary>The first of equal largest, and a NaN before any number: as PyTorch's argmax.</summary>
    private static int Largest(ReadOnlySpan<float> logits)
    {
        var largest = 0;
        for (var k = 1; k < logits.Length; k++)
            if (logits[k] > logits[largest] || (float.IsNaN(logits[k]) && !float.IsNaN(logits[largest]))) largest = k;
        return largest;
    }
}
