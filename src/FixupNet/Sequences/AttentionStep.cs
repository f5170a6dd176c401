using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace FixupNet.Sequences;

/// <summary>To what attention attends.</summary>
internal enum AttentionScope
{
    /// <summary>Every word of the source, from the source.</summary>
    Source,

    /// <summary>The words of the target up to one's own.</summary>
    Past,

    /// <summary>Every word of the source, from the target.</summary>
    Memory,
}

/// <summary>Attention of several heads.</summary>
/// <param name="Name">State-dict path.</param>
/// <param name="Projections">Queries, keys and values [d,d], or one layer with the three of them under each other [3d,d].</param>
/// <param name="Output">[d,d].</param>
/// <param name="HeadCount">Heads, which divide d.</param>
/// <param name="Scope">To what it attends.</param>
/// <param name="Context">The batch.</param>
/// <remarks>arXiv:1706.03762, Sec. 3.2. Pads get no weight, so they change no real word's result.</remarks>
internal sealed record AttentionStep(
    string Name, IReadOnlyList<WeightLayer> Projections, WeightLayer Output, int HeadCount, AttentionScope Scope, SequenceContext Context) : OpaqueStep
{
    /// <inheritdoc/>
    public override IReadOnlyList<WeightLayer> Layers => [.. Projections, Output];

    // Queries, keys, values and their sum; the weights, once for every head.
    /// <inheritdoc/>
    public override long KeptBeside(long channels, long positions) => positions * (4 * channels + HeadCount * positions);

    /// <summary>Attends.</summary>
    /// <param name="input">Activations [N,T,d].</param>
    /// <returns>Fresh tensor [N,T,d].</returns>
    public override Tensor Run(Tensor input)
    {
        using var scope = NewDisposeScope();
        var width = input.shape[2];
        var (queries, keys, values) = Project(input);
        var scores = (queries * Math.Pow(width / HeadCount, -0.5)).matmul(keys.transpose(2, 3));
        var weights = (Mask(input.shape[1], keys.shape[2], input.device) is { } mask ? scores.masked_fill(mask, double.NegativeInfinity) : scores).softmax(3);
        var heads = weights.matmul(values).transpose(1, 2).reshape(input.shape);
        return F.linear(heads, Output.Weight, Output.Bias).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}, attention of {HeadCount} heads";

    /// <inheritdoc/>
    protected override OpaqueStep WithParameters(Func<Parameter, Parameter> current) =>
        this with { Projections = [.. Projections.Select(layer => layer.With(current))], Output = Output.With(current) };

    private (Tensor Queries, Tensor Keys, Tensor Values) Project(Tensor input)
    {
        var cache = Context.Cache;
        if (Scope == AttentionScope.Memory)
        {
            if (cache?.Find($"{Name} keys") is { } known) return (Heads(Projected(0, 1, input)[0]), known, cache.Find($"{Name} values")!);
            var read = Context.Memory ?? throw new InvalidOperationException("No source was read: the encoder comes before the decoder.");
            var both = Projected(1, 2, read);
            var (keysOfSource, valuesOfSource) = (Heads(both[0]), Heads(both[1]));
            if (cache is not null)
            {
                cache.Append($"{Name} keys", keysOfSource, 2);
                cache.Append($"{Name} values", valuesOfSource, 2);
            }
            return (Heads(Projected(0, 1, input)[0]), keysOfSource, valuesOfSource);
        }
        var all = Projected(0, 3, input);
        var (keys, values) = (Heads(all[1]), Heads(all[2]));
        if (cache is not null && Scope == AttentionScope.Past) (keys, values) = (cache.Append($"{Name} keys", keys, 2), cache.Append($"{Name} values", values, 2));
        return (Heads(all[0]), keys, values);
    }

    // Some of queries, keys and values, in this order.
    private Tensor[] Projected(int first, int count, Tensor input)
    {
        if (Projections.Count > 1)
            return [.. Projections.Skip(first).Take(count).Select(layer => F.linear(input, layer.Weight, layer.Bias))];
        var width = input.shape[2];
        var joint = F.linear(input, Projections[0].Weight.narrow(0, first * width, count * width));
        return [.. Enumerable.Range(0, count).Select(i => joint.narrow(2, i * width, width))];
    }

    // [N,T,d] → [N,heads,T,d/heads]
    private Tensor Heads(Tensor projected) => projected.reshape(projected.shape[0], projected.shape[1], HeadCount, -1).transpose(1, 2);

    // Broadcasts to [N,heads,T,T']; true where nothing is seen.
    private Tensor? Mask(long queryCount, long keyCount, Device device)
    {
        if (Scope != AttentionScope.Past) return Context.SourcePads.unsqueeze(1).unsqueeze(2);
        if (queryCount == 1) return null;
        var places = arange(keyCount, device: device);
        return places.unsqueeze(0) > places.narrow(0, keyCount - queryCount, queryCount).unsqueeze(1);
    }
}
