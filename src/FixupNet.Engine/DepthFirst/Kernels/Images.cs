namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>A batch, or a part of one.</summary>
/// <param name="pixels">Values [count][channels][height][width].</param>
/// <param name="labels">Class indices [count].</param>
/// <param name="partners">With mixup, those of the partners [count]; else null.</param>
/// <param name="labelWeight">With mixup, the share of the labels.</param>
/// <param name="smoothing">The share of each label that is spread over all classes.</param>
/// <param name="count">Images.</param>
internal readonly unsafe struct Images(float* pixels, long* labels, long* partners, double labelWeight, double smoothing, int count)
{
    internal readonly float* Pixels = pixels;
    internal readonly long* Labels = labels;
    internal readonly long* Partners = partners;
    internal readonly double LabelWeight = labelWeight;
    internal readonly double Smoothing = smoothing;
    internal readonly int Count = count;

    /// <exception cref="ArgumentException">A label is not one of so many classes.</exception>
    internal void RequireLabels(int classes)
    {
        for (var i = 0; i < Count; i++)
        {
            long label = Labels[i], partner = Partners is null ? label : Partners[i];
            if (label >= 0 && label < classes && partner >= 0 && partner < classes) continue;
            throw new ArgumentException($"Label {(label < 0 || label >= classes ? label : partner)} of image {i} is not one of {classes} classes.");
        }
    }

    /// <summary>The index-th of so many parts, as even as whole images allow.</summary>
    /// <param name="imageSize">Values of an image.</param>
    /// <param name="index">Which part.</param>
    /// <param name="parts">How many there are.</param>
    internal Images Part(long imageSize, int index, int parts)
    {
        var first = (int)((long)Count * index / parts);
        var count = (int)((long)Count * (index + 1) / parts) - first;
        return new Images(
            Pixels + (first * imageSize), Labels is null ? null : Labels + first, Partners is null ? null : Partners + first, LabelWeight, Smoothing, count);
    }
}

/// <summary>What a worker adds up over its images.</summary>
internal struct Totals
{
    internal double Loss, Correct, PartnerCorrect;
    internal TimeSpan ForwardTime, BackwardTime;
}
