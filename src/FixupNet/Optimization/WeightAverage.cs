using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Optimization;

/// <summary>An exponential moving average of a network's parameters and running statistics: a ← d·a + (1 − d)·w after every step, from the first weights on.</summary>
/// <remarks>Counters, which are whole numbers, are copied. Create it after the optimizer, and after moving or converting the module.</remarks>
public sealed class WeightAverage : IDisposable
{
    private readonly List<(string Name, Tensor Current, Tensor Average)> _pairs;
    private readonly List<(Tensor Current, Tensor Average)> _moving;
    private readonly FlatTensor? _flat;
    private readonly double _decay;

    /// <summary>Begins with the weights as they are.</summary>
    /// <param name="network">Whose weights.</param>
    /// <param name="decay">d, in [0, 1).</param>
    /// <param name="optimizer">Where the parameters lie one after the other, if they do: a few passes then average all of them; else null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The decay is out of range.</exception>
    public WeightAverage(nn.Module network, double decay, FlatOptimizer? optimizer = null)
    {
        if (!(decay >= 0 && decay < 1)) throw new ArgumentOutOfRangeException(nameof(decay), decay, "The decay must be in [0, 1).");
        _decay = decay;
        using var noGradients = no_grad();
        var places = new Dictionary<string, Tensor>();
        if (optimizer is not null)
        {
            _flat = new FlatTensor(optimizer.Gradients.Parameters);
            _flat.Whole.copy_(optimizer.Weights.Whole);
            foreach (var (name, place) in optimizer.Ordered.Zip(_flat.Slots)) places[name.Name] = place;
        }
        var state = network.state_dict();
        _pairs = [.. state.Select(item => (item.Key, item.Value, places.GetValueOrDefault(item.Key) ?? item.Value.detach().clone().DetachFromDisposeScope()))];
        _moving = [.. _pairs.Where(pair => !places.ContainsKey(pair.Name)).Select(pair => (pair.Current, pair.Average))];
        if (optimizer is not null) _moving.Add((optimizer.Weights.Whole, _flat!.Whole));
    }

    /// <summary>The averages under the state-dict names, live: save these tensors in a checkpoint, and copy_ into them under no_grad to restore.</summary>
    public IReadOnlyList<(string Name, Tensor State)> State => [.. _pairs.Select(pair => (pair.Name, pair.Average))];

    /// <summary>Takes in the weights as they are now.</summary>
    public void Update() => Move(isAllowed: null);

    /// <summary>Queues taking in the weights as they then are; nothing is waited for.</summary>
    /// <param name="isAllowed">Bool [], on the parameters' device: where it is false, the averages stay as they are.</param>
    public void Queue(Tensor isAllowed) => Move(isAllowed);

    private void Move(Tensor? isAllowed)
    {
        using var noGradients = no_grad();
        foreach (var (current, average) in _moving.SelectMany(pair => Pieces(pair.Current, pair.Average)))
        {
            using var scope = NewDisposeScope();
            var moved = average.dtype == ScalarType.Int64 ? current : (average * _decay).add_(current, 1 - _decay);
            average.copy_(isAllowed is null ? moved : where(isAllowed, moved, average));
        }
    }

    private static IEnumerable<(Tensor Current, Tensor Average)> Pieces(Tensor current, Tensor average)
    {
        if (current.Dimensions != 1)
        {
            yield return (current, average);
            yield break;
        }
        foreach (var (start, length) in FlatTensor.Pieces(0, current.numel()))
        {
            using var scope = NewDisposeScope();
            yield return (current.narrow(0, start, length), average.narrow(0, start, length));
        }
    }

    /// <summary>Gives the network the averages, and back its own weights, bit for bit, when the result is disposed.</summary>
    public IDisposable Use()
    {
        Swap();
        return new Swapped(this);
    }

    /// <summary>Frees the averages.</summary>
    public void Dispose()
    {
        foreach (var (_, _, average) in _pairs) average.Dispose();
        _flat?.Dispose();
    }

    private void Swap()
    {
        using var noGradients = no_grad();
        foreach (var (_, current, average) in _pairs)
        {
            using var kept = current.detach().clone();
            current.copy_(average);
            average.copy_(kept);
        }
    }

    private sealed class Swapped(WeightAverage average) : IDisposable
    {
        public void Dispose() => average.Swap();
    }
}
