namespace FixupNet.Engine.DepthFirst;

/// <summary>The gradients that are sums over activations: of scalars, and of numbers a channel. Workers keep sums of their own, in float64.</summary>
internal sealed class SmallGradients
{
    private readonly List<Item> _items = [];

    // A place for sums that nobody asks for.
    internal int Count { get; private set; } = 1;

    /// <summary>Gives a parameter's gradient a place among the sums; where the parameter does not exist, the place of what nobody asks for.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="count">Its elements.</param>
    /// <param name="factor">What the sums lack yet.</param>
    internal int Place(ParameterMemory parameter, int count, LayerFactor factor)
    {
        if (!parameter.Exists) return 0;
        _items.Add(new Item(parameter, count, Count, factor));
        Count += count;
        return Count - count;
    }

    /// <summary>Adds up what the workers have, in their order, and writes it where gradients go.</summary>
    internal unsafe void Write(IReadOnlyList<double[]> sums)
    {
        foreach (var item in _items)
            for (var i = 0; i < item.Count; i++) item.Parameter.Gradient[i] = (float)(Sum(sums, item.Place + i) * item.Factor.Value);
    }

    /// <summary>One sum of all workers.</summary>
    internal static double Sum(IReadOnlyList<double[]> sums, int place)
    {
        double sum = 0;
        foreach (var of in sums) sum += of[place];
        return sum;
    }

    private sealed record Item(ParameterMemory Parameter, int Count, int Place, LayerFactor Factor);
}
