namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>The kernels of one vector width and precision, so that what calls them need not know either.</summary>
internal unsafe interface IKernels<TValue> where TValue : unmanaged, IActivation<TValue>
{
    /// <inheritdoc cref="Winograd{TLanes,TValue}.Forward(in TileShape,in WeightView,TValue*,float,in ForwardEnd{TValue},TValue*,float*)"/>
    void Forward(in TileShape shape, in WeightView weights, TValue* input, float shift, in ForwardEnd<TValue> end, TValue* output, float* memory);

    /// <inheritdoc cref="Winograd{TLanes,TValue}.Forward(in TileShape,in WeightView,TValue*,float,TValue*,float*)"/>
    void Forward(in TileShape shape, in WeightView weights, TValue* input, float shift, TValue* output, float* memory);

    /// <inheritdoc cref="Winograd{TLanes,TValue}.BackwardData(in TileShape,in WeightView,TValue*,ref BackwardEnd{TValue},TValue*,float*)"/>
    void BackwardData(in TileShape shape, in WeightView weights, TValue* gradient, ref BackwardEnd<TValue> end, TValue* output, float* memory);

    /// <inheritdoc cref="Winograd{TLanes,TValue}.BackwardWeights"/>
    void BackwardWeights(in TileShape shape, TValue* input, float shift, TValue* gradient, float* packed, float* memory);

    /// <inheritdoc cref="Winograd{TLanes,TValue}.TransformWeights"/>
    void TransformWeights(in TileShape shape, in WeightView weights, bool backward, float* filters);

    /// <inheritdoc cref="Winograd{TLanes,TValue}.Forward(in TileShape,float*,TValue*,TValue*,float*)"/>
    void Forward(in TileShape shape, float* filters, TValue* input, TValue* output, float* memory);

    /// <inheritdoc cref="Winograd{TLanes,TValue}.BackwardData(in TileShape,float*,TValue*,ref BackwardEnd{TValue},TValue*,float*)"/>
    void BackwardData(in TileShape shape, float* filters, TValue* gradient, ref BackwardEnd<TValue> end, TValue* output, float* memory);

    /// <inheritdoc cref="StemConvolution{TLanes}.Forward"/>
    void Forward(in StemShape shape, int images, float* pixels, float* weights, float* output, float* memory);

    /// <inheritdoc cref="StemConvolution{TLanes}.BackwardWeights"/>
    void BackwardWeights(in StemShape shape, int images, float* pixels, float* gradient, float* weightGradients, float* memory);

    /// <inheritdoc cref="PatchFilters.Pack"/>
    void PackFilters(in PatchShape shape, float* weights, bool transposed, float* filters);

    /// <inheritdoc cref="PatchConvolution{TLanes}.ForwardPacked"/>
    void ForwardPacked(in PatchShape shape, int images, float* input, float* output, float* memory, float* filters);

    /// <inheritdoc cref="PatchConvolution{TLanes}.BackwardDataPacked"/>
    void BackwardDataPacked(in PatchShape shape, int images, float* gradient, float* inputGradient, float* memory, float* filters);

    /// <inheritdoc cref="PatchConvolution{TLanes}.Forward"/>
    void Forward(in PatchShape shape, int images, float* input, float* weights, float* output, float* memory);

    /// <inheritdoc cref="PatchConvolution{TLanes}.BackwardData"/>
    void BackwardData(in PatchShape shape, int images, float* gradient, float* weights, float* inputGradient, float* memory);

    /// <inheritdoc cref="PatchConvolution{TLanes}.BackwardWeights"/>
    void BackwardWeights(in PatchShape shape, int images, float* input, float* gradient, float* weightGradients, float* memory);

    /// <inheritdoc cref="Passes{TLanes,TValue}.AddShift"/>
    void AddShift(TValue* input, float shift, long count, float* output);

    /// <inheritdoc cref="Passes{TLanes,TValue}.Store"/>
    void Store(float* raw, float multiplier, long count, TValue* output);

    /// <inheritdoc cref="Passes{TLanes,TValue}.Add(TValue*,long,TValue*)"/>
    void Add(TValue* values, long count, TValue* sum);

    /// <inheritdoc cref="Passes{TLanes,TValue}.Sum"/>
    double Sum(TValue* values, long count);

    /// <inheritdoc cref="Passes{TLanes,TValue}.Add(float*,long,float*)"/>
    void Add(float* raw, long count, float* sum);

    /// <inheritdoc cref="Passes{TLanes,TValue}.EndForward"/>
    void EndForward(float* raw, float multiplier, float bias, long count, TValue* output);

    /// <inheritdoc cref="Passes{TLanes,TValue}.EndBackward(float*,ref BackwardEnd{TValue},long,TValue*)"/>
    void EndBackward(float* raw, ref BackwardEnd<TValue> end, long count, TValue* output);

    /// <inheritdoc cref="Passes{TLanes,TValue}.Sample"/>
    void Sample(in SampleShape shape, TValue* input, float shift, TValue* output);

    /// <inheritdoc cref="Passes{TLanes,TValue}.AddSampledGradient"/>
    void AddSampledGradient(in SampleShape shape, TValue* gradient, float* raw);

    /// <inheritdoc cref="Passes{TLanes,TValue}.MeanOverPixels"/>
    void MeanOverPixels(TValue* input, int images, int channels, int pixels, float* features);

    /// <inheritdoc cref="Passes{TLanes,TValue}.SpreadOverPixels"/>
    double SpreadOverPixels(float* gradient, TValue* gate, int images, int channels, int pixels, TValue* output);

    /// <inheritdoc cref="Normalization{TLanes,TValue}.Moments"/>
    void Moments(in NormShape shape, TValue* input, float* centers, double* sums);

    /// <inheritdoc cref="Normalization{TLanes,TValue}.GradientMoments"/>
    void GradientMoments(in NormShape shape, TValue* gradient, TValue* input, float* means, double* sums);

    /// <inheritdoc cref="Normalization{TLanes,TValue}.Normalize(in NormShape,TValue*,in ChannelMap,TValue*)"/>
    void Normalize(in NormShape shape, TValue* input, in ChannelMap map, TValue* output);

    /// <inheritdoc cref="Normalization{TLanes,TValue}.Normalize(in NormShape,TValue*,in ChannelMap,TValue*,TValue*)"/>
    void Normalize(in NormShape shape, TValue* input, in ChannelMap map, TValue* skip, TValue* output);

    /// <inheritdoc cref="Normalization{TLanes,TValue}.NormalizeRelu"/>
    void NormalizeRelu(in NormShape shape, TValue* input, in ChannelMap map, TValue* skip, TValue* output);

    /// <inheritdoc cref="Normalization{TLanes,TValue}.Backward"/>
    void NormalizeBackward(in NormShape shape, TValue* gradient, float* factors, TValue* input, in ChannelMap map, TValue* output);

    /// <inheritdoc cref="MaxPooling{TLanes,TValue}.Forward"/>
    void MaxPool(in PoolShape shape, int images, TValue* input, TValue* output);

    /// <inheritdoc cref="MaxPooling{TLanes,TValue}.AddGradient"/>
    void AddPooledGradient(in PoolShape shape, int images, TValue* input, TValue* output, TValue* gradient, float* raw);
}

/// <summary>The kernels of a vector width.</summary>
internal sealed unsafe class Kernels<TLanes, TValue> : IKernels<TValue>
    where TLanes : unmanaged, ILanes<TLanes>
    where TValue : unmanaged, IActivation<TValue>
{
    public void Forward(
        in TileShape shape, in WeightView weights, TValue* input, float shift, in ForwardEnd<TValue> end, TValue* output, float* memory) =>
        Winograd<TLanes, TValue>.Forward(shape, weights, input, shift, end, output, memory);

    public void Forward(in TileShape shape, in WeightView weights, TValue* input, float shift, TValue* output, float* memory) =>
        Winograd<TLanes, TValue>.Forward(shape, weights, input, shift, output, memory);

    public void BackwardData(
        in TileShape shape, in WeightView weights, TValue* gradient, ref BackwardEnd<TValue> end, TValue* output, float* memory) =>
        Winograd<TLanes, TValue>.BackwardData(shape, weights, gradient, ref end, output, memory);

    public void BackwardWeights(in TileShape shape, TValue* input, float shift, TValue* gradient, float* packed, float* memory) =>
        Winograd<TLanes, TValue>.BackwardWeights(shape, input, shift, gradient, packed, memory);

    public void TransformWeights(in TileShape shape, in WeightView weights, bool backward, float* filters) =>
        Winograd<TLanes, TValue>.TransformWeights(shape, weights, backward, filters);

    public void Forward(in TileShape shape, float* filters, TValue* input, TValue* output, float* memory) =>
        Winograd<TLanes, TValue>.Forward(shape, filters, input, output, memory);

    public void BackwardData(in TileShape shape, float* filters, TValue* gradient, ref BackwardEnd<TValue> end, TValue* output, float* memory) =>
        Winograd<TLanes, TValue>.BackwardData(shape, filters, gradient, ref end, output, memory);

    public void Forward(in StemShape shape, int images, float* pixels, float* weights, float* output, float* memory) =>
        StemConvolution<TLanes>.Forward(shape, images, pixels, weights, output, memory);

    public void BackwardWeights(in StemShape shape, int images, float* pixels, float* gradient, float* weightGradients, float* memory) =>
        StemConvolution<TLanes>.BackwardWeights(shape, images, pixels, gradient, weightGradients, memory);

    public void PackFilters(in PatchShape shape, float* weights, bool transposed, float* filters) =>
        PatchFilters.Pack(shape, weights, transposed, filters);

    public void ForwardPacked(in PatchShape shape, int images, float* input, float* output, float* memory, float* filters) =>
        PatchConvolution<TLanes>.ForwardPacked(shape, images, input, output, memory, filters);

    public void BackwardDataPacked(in PatchShape shape, int images, float* gradient, float* inputGradient, float* memory, float* filters) =>
        PatchConvolution<TLanes>.BackwardDataPacked(shape, images, gradient, inputGradient, memory, filters);

    public void Forward(in PatchShape shape, int images, float* input, float* weights, float* output, float* memory) =>
        PatchConvolution<TLanes>.Forward(shape, images, input, weights, output, memory);

    public void BackwardData(in PatchShape shape, int images, float* gradient, float* weights, float* inputGradient, float* memory) =>
        PatchConvolution<TLanes>.BackwardData(shape, images, gradient, weights, inputGradient, memory);

    public void BackwardWeights(in PatchShape shape, int images, float* input, float* gradient, float* weightGradients, float* memory) =>
        PatchConvolution<TLanes>.BackwardWeights(shape, images, input, gradient, weightGradients, memory);

    public void AddShift(TValue* input, float shift, long count, float* output) => Passes<TLanes, TValue>.AddShift(input, shift, count, output);

    public void Store(float* raw, float multiplier, long count, TValue* output) => Passes<TLanes, TValue>.Store(raw, multiplier, count, output);

    public void Add(TValue* values, long count, TValue* sum) => Passes<TLanes, TValue>.Add(values, count, sum);

    public double Sum(TValue* values, long count) => Passes<TLanes, TValue>.Sum(values, count);

    public void Add(float* raw, long count, float* sum) => Passes<TLanes, TValue>.Add(raw, count, sum);

    public void EndForward(float* raw, float multiplier, float bias, long count, TValue* output) =>
        Passes<TLanes, TValue>.EndForward(raw, multiplier, bias, count, output);

    public void EndBackward(float* raw, ref BackwardEnd<TValue> end, long count, TValue* output) =>
        Passes<TLanes, TValue>.EndBackward(raw, ref end, count, output);

    public void Sample(in SampleShape shape, TValue* input, float shift, TValue* output) => Passes<TLanes, TValue>.Sample(shape, input, shift, output);

    public void AddSampledGradient(in SampleShape shape, TValue* gradient, float* raw) =>
        Passes<TLanes, TValue>.AddSampledGradient(shape, gradient, raw);

    public void MeanOverPixels(TValue* input, int images, int channels, int pixels, float* features) =>
        Passes<TLanes, TValue>.MeanOverPixels(input, images, channels, pixels, features);

    public double SpreadOverPixels(float* gradient, TValue* gate, int images, int channels, int pixels, TValue* output) =>
        Passes<TLanes, TValue>.SpreadOverPixels(gradient, gate, images, channels, pixels, output);

    public void Moments(in NormShape shape, TValue* input, float* centers, double* sums) => Normalization<TLanes, TValue>.Moments(shape, input, centers, sums);

    public void GradientMoments(in NormShape shape, TValue* gradient, TValue* input, float* means, double* sums) =>
        Normalization<TLanes, TValue>.GradientMoments(shape, gradient, input, means, sums);

    public void Normalize(in NormShape shape, TValue* input, in ChannelMap map, TValue* output) =>
        Normalization<TLanes, TValue>.Normalize(shape, input, map, output);

    public void Normalize(in NormShape shape, TValue* input, in ChannelMap map, TValue* skip, TValue* output) =>
        Normalization<TLanes, TValue>.Normalize(shape, input, map, skip, output);

    public void NormalizeRelu(in NormShape shape, TValue* input, in ChannelMap map, TValue* skip, TValue* output) =>
        Normalization<TLanes, TValue>.NormalizeRelu(shape, input, map, skip, output);

    public void NormalizeBackward(in NormShape shape, TValue* gradient, float* factors, TValue* input, in ChannelMap map, TValue* output) =>
        Normalization<TLanes, TValue>.Backward(shape, gradient, factors, input, map, output);

    public void MaxPool(in PoolShape shape, int images, TValue* input, TValue* output) => MaxPooling<TLanes, TValue>.Forward(shape, images, input, output);

    public void AddPooledGradient(in PoolShape shape, int images, TValue* input, TValue* output, TValue* gradient, float* raw) =>
        MaxPooling<TLanes, TValue>.AddGradient(shape, images, input, output, gradient, raw);
}
