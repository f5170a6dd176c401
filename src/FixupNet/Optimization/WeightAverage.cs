using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Optimization;

/// <summary>An exponential moving average of a network's parameters and running statistics: a ← d·a + (1 − d)·w after every step, from the first weights on.</summary>
/// <remarks>Counters, which are whole numbers, are copied. Create it after the optimizer, and after moving or converting the module.</remarks>
public sealed class WeightAverage : IDisposable
{
    private readonly List<(string Name, Tensor Current, Tensor Average)> _pairs;
    private readonly double _decay;

    /// <summary>Begins with the weights as they are.</summary>
    /// <param name="network">Whose weights.</param>
    /// <param name="decay">d, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">The decay is out of range.</exception>
    public WeightAverage(nn.Module network, double decay)
    {
        if (!(decay >= 0 && decay < 1)) throw new ArgumentOutOfRangeException(nameof(decay), decay, "The decay must be in [0, 1).");
        _decay = decay;
        using var noGradients = no_grad();
        _pairs = [.. network.state_dict().Select(item => (item.Key, item.Value, item.Value.detach().clone().DetachFromDisposeScope()))];
    }

    /// <summary>The averages under the state-dict names, live: save these tensors in a checkpoint, and copy_ into them under no_grad to restore.</summary>
    public IReadOnlyList<(string Name, Tensor State)> State => [.. _pairs.Select(pair => (pair.Name, pair.Average))];

    /// <summary>Takes in the weights as they are now.</summary>
    public void Update()
    {
        using var noGradients = no_grad();
        foreach (var (_, current, average) in _pairs)
        {
            using var scope = NewDisposeScope();
            if (average.dtype != ScalarType.Int64) average.mul_(_decay).add_(current, 1 - _decay);
            else average.copy_(current);
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
