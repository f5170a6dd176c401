namespace FixupNet.Runs.TensorBoard;

/// <summary>Values of an event's summary.</summary>
/// <remarks>tensorboard/compat/proto/summary.proto and histogram.proto.</remarks>
internal static class SummaryValue
{
    private const int Buckets = 30; // as many as TensorBoard draws

    // Value: tag, simple_value, histo, tensor, metadata.
    private const int TagField = 1;
    private const int ScalarField = 2;
    private const int HistogramField = 5;
    private const int TensorField = 8;
    private const int MetadataField = 9;

    /// <summary>One number, which need not be finite.</summary>
    public static ProtobufMessage Scalar(string tag, double value) => new ProtobufMessage().Add(TagField, tag).AddFloat(ScalarField, (float)value);

    /// <summary>A distribution, in buckets of equal width.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="values">Finite values, at least one.</param>
    public static ProtobufMessage Histogram(string tag, IReadOnlyList<double> values)
    {
        var (min, max) = (values.Min(), values.Max());
        var width = (max - min) / Buckets;
        var counts = new double[width > 0 ? Buckets : 1];
        foreach (var value in values) counts[width > 0 ? Math.Min((int)((value - min) / width), Buckets - 1) : 0]++;
        double[] limits = [.. counts.Select((_, i) => i == counts.Length - 1 ? max : min + (i + 1) * width)];
        var histogram = new ProtobufMessage() // min, max, num, sum, sum_squares, bucket_limit, bucket
            .Add(1, min).Add(2, max).Add(3, (double)values.Count).Add(4, values.Sum()).Add(5, values.Sum(value => value * value))
            .Add(6, limits).Add(7, counts);
        return new ProtobufMessage().Add(TagField, tag).Add(HistogramField, histogram);
    }

    /// <summary>Data of a plugin; the plugin reads its metadata, beside which a tensor must stand.</summary>
    public static ProtobufMessage Plugin(string tag, string plugin, ProtobufMessage content)
    {
        var metadata = new ProtobufMessage().Add(1, new ProtobufMessage().Add(1, plugin).Add(2, content)); // plugin_data: name, content
        const int FloatType = 1;
        var shape = new ProtobufMessage().Add(2, new ProtobufMessage().Add(1, 1L)); // one dimension of size 1
        var tensor = new ProtobufMessage().Add(1, (long)FloatType).Add(2, shape).AddFloat(5, 0);
        return new ProtobufMessage().Add(TagField, tag).Add(TensorField, tensor).Add(MetadataField, metadata);
    }
}
