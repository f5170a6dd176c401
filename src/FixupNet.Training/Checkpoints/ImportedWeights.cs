using FixupNet.Runs.Safetensors;
using static TorchSharp.torch;

namespace FixupNet.Training.Checkpoints;

/// <summary>Reads weights that another program has written, and takes for the same what only the way of saving differs in.</summary>
internal static class ImportedWeights
{
    private const string Counter = ".num_batches_tracked";

    // Of DataParallel and DistributedDataParallel, and of torch.compile; one may stand in the other.
    private static readonly string[] s_wrappers = ["module.", "_orig_mod."];

    /// <summary>Reads them into a network.</summary>
    /// <param name="network">Where to.</param>
    /// <param name="path">The .safetensors.</param>
    /// <exception cref="InvalidDataException">The weights are not those of this network, or not finite in its element type.</exception>
    internal static void Load(nn.Module network, string path)
    {
        using var file = SafetensorsFile.Open(path);
        var (tensors, targets) = Match(network, file.Tensors, path);
        NamedTensors.Load(file, tensors, targets, requireFinite: true);
    }

    /// <summary>Checks all but the elements, which are not read.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The .safetensors.</param>
    /// <exception cref="InvalidDataException">The weights are not those of this network.</exception>
    internal static void Require(nn.Module network, string path)
    {
        var (tensors, targets) = Match(network, SafetensorsFile.ReadLayout(path), path);
        NamedTensors.Require(path, tensors, targets);
    }

    private static (List<TensorLayout> Tensors, Dictionary<string, Tensor> Targets) Match(nn.Module network, IReadOnlyList<TensorLayout> read, string path)
    {
        var tensors = read.Select(tensor => tensor with { Name = Unwrapped(tensor.Name) }).ToList();
        if (tensors.GroupBy(tensor => tensor.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InvalidDataException($"{path} holds {twice.Key} twice, with and without a prefix of {string.Join(" or ", s_wrappers)}.");
        var names = tensors.Select(tensor => tensor.Name).ToHashSet();
        // PyTorch before 0.4.1 did not count, and some exports drop the counters, which no result depends upon.
        var targets = network.state_dict().Where(pair => names.Contains(pair.Key) || !pair.Key.EndsWith(Counter, StringComparison.Ordinal)).ToDictionary();
        return ([.. tensors.Select(tensor => Shaped(tensor, targets))], targets);
    }

    private static string Unwrapped(string name)
    {
        while (Array.Find(s_wrappers, wrapper => name.StartsWith(wrapper, StringComparison.Ordinal)) is { } wrapper) name = name[wrapper.Length..];
        return name;
    }

    // One number is [] here and [1] there.
    private static TensorLayout Shaped(TensorLayout tensor, Dictionary<string, Tensor> targets) =>
        targets.TryGetValue(tensor.Name, out var target) && IsOneNumber(tensor.Shape) && IsOneNumber(target.shape) ? tensor with { Shape = target.shape } : tensor;

    private static bool IsOneNumber(IReadOnlyList<long> shape) => shape is [] or [1];
}
