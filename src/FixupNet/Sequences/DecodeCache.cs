using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Sequences;

/// <summary>What decoding word by word keeps of the words before: keys and values of attention, inputs of convolutions, the source's keys and values.</summary>
public sealed class DecodeCache : IDisposable
{
    private readonly Dictionary<string, Tensor> _kept = [];

    /// <summary>Words that every row has decoded.</summary>
    public int Length { get; private set; }

    /// <summary>Keeps other rows, each perhaps several times or not at all, as beam search asks for.</summary>
    /// <param name="rows">Which rows go on [N'], int64.</param>
    public void Reorder(Tensor rows)
    {
        foreach (var name in _kept.Keys.ToArray()) Keep(name, _kept[name].index_select(0, rows));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var kept in _kept.Values) kept.Dispose();
        _kept.Clear();
    }

    internal void Advance(long count) => Length += (int)count;

    internal Tensor? Find(string name) => _kept.GetValueOrDefault(name);

    /// <summary>Keeps a tensor under a name, instead of what had it; it is then the cache's.</summary>
    internal Tensor Keep(string name, Tensor value)
    {
        if (_kept.TryGetValue(name, out var before) && !ReferenceEquals(before, value)) before.Dispose();
        return _kept[name] = value.DetachFromDisposeScope();
    }

    /// <summary>Puts new positions after those kept, along a dimension.</summary>
    internal Tensor Append(string name, Tensor value, long dimension) =>
        Keep(name, Find(name) is { } before ? cat([before, value], dimension) : value.alias());
}
