using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Analysis;

/// <summary>Among which weights the smallest are looked for.</summary>
public enum PruningScope
{
    /// <summary>Among all weights together: layers come to have different densities.</summary>
    Global,

    /// <summary>In each tensor by itself.</summary>
    Layerwise,
}

/// <summary>Masks that leave out the weights of smallest magnitude.</summary>
/// <remarks>
/// What is 0 by construction says nothing about importance: under Fixup the last layer of every branch starts at 0, so magnitudes mean
/// something only once a network has been trained.
/// </remarks>
public static class MagnitudePruning
{
    /// <summary>Chooses what to leave out.</summary>
    /// <param name="weights">The weight tensors; of equal magnitudes those that come first are left out first.</param>
    /// <param name="share">The share of the weights still there that is left out, in [0, 1]: exactly the nearest whole number of them, halves to even.</param>
    /// <param name="scope">Among which the smallest are looked for.</param>
    /// <param name="before">Masks of an earlier round, whose zeros stay left out; null for none.</param>
    /// <returns>Masks of 1 and 0 in the weights' shapes, dtypes and devices.</returns>
    public static IReadOnlyList<Tensor> Masks(IReadOnlyList<Tensor> weights, double share, PruningScope scope, IReadOnlyList<Tensor>? before = null)
    {
        if (share is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "The share must be in [0, 1].");
        var magnitudes = weights.Select(Magnitudes).ToList();
        var masks = before is null ? [.. magnitudes.Select(values => Enumerable.Repeat(1.0, values.Length).ToArray())] : before.Select(Magnitudes).ToList();
        var groups = scope == PruningScope.Global ? [[.. Enumerable.Range(0, weights.Count)]] : Enumerable.Range(0, weights.Count).Select(i => new[] { i }).ToList();
        foreach (var group in groups) LeaveOut(group, magnitudes, masks, share);
        using var scopeOfTensors = NewDisposeScope();
        return [.. weights.Select((weight, i) => tensor(masks[i]).view(weight.shape).to(weight.dtype).to(weight.device).MoveToOuterDisposeScope())];
    }

    private static void LeaveOut(int[] group, List<double[]> magnitudes, List<double[]> masks, double share)
    {
        var there = group.SelectMany(i => Enumerable.Range(0, masks[i].Length).Where(place => masks[i][place] != 0).Select(place => (i, place))).ToArray();
        var values = there.Select(item => magnitudes[item.i][item.place]).ToArray();
        var order = Enumerable.Range(0, there.Length).OrderBy(k => values[k]);
        foreach (var (i, place) in order.Take((int)Math.Round(share * there.Length)).Select(k => there[k])) masks[i][place] = 0;
    }

    private static double[] Magnitudes(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(CPU).to(ScalarType.Float64).abs().contiguous().data<double>().ToArray();
    }
}
