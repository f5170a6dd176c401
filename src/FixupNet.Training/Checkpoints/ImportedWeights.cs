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
        var (entries, targets) = Match(network, SafetensorsFile.Read(path).Entries, path);
        NamedTensors.Load(path, entries, targets, requireFinite: true);
    }

    /// <summary>Checks all but the elements, which are not read.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The .safetensors.</param>
    /// <exception cref="InvalidDataException">The weights are not those of this network.</exception>
    internal static void Require(nn.Module network, string path)
    {
        var layout = SafetensorsFile.ReadLayout(path).Select(tensor => new SafetensorsEntry(tensor.Name, tensor.DType, tensor.Shape, default));
        var (entries, targets) = Match(network, layout, path);
        NamedTensors.Require(path, entries, targets);
    }

    private static (List<SafetensorsEntry> Entries, Dictionary<string, Tensor> Targets) Match(nn.Module network, IEnumerable<SafetensorsEntry> read, string path)
    {
        var entries = read.Select(entry => entry with { Name = Unwrapped(entry.Name) }).ToList();
        if (entries.GroupBy(entry => entry.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InvalidDataException($"{path} holds {twice.Key} twice, with and without a prefix of {string.Join(" or ", s_wrappers)}.");
        var names = entries.Select(entry => entry.Name).ToHashSet();
        // PyTorch before 0.4.1 did not count, and some exports drop the counters, which no result depends upon.
        var targets = network.state_dict().Where(pair => names.Contains(pair.Key) || !pair.Key.EndsWith(Counter, StringComparison.Ordinal)).ToDictionary();
        return ([.. entries.Select(entry => Shaped(entry, targets))], targets);
    }

    private static string Unwrapped(string name)
    {
        while (Array.Find(s_wrappers, wrapper => name.StartsWith(wrapper, StringComparison.Ordinal)) is { } wrapper) name = name[wrapper.Length..];
        return name;
    }

    // One number is [] here and [1] there.
    private static SafetensorsEntry Shaped(SafetensorsEntry entry, Dictionary<string, Tensor> targets) =>
        targets.TryGetValue(entry.Name, out var target) && IsOneNumber(entry.Shape) && IsOneNumber(target.shape) ? entry with { Shape = target.shape } : entry;

    private static bool IsOneNumber(IReadOnlyList<long> shape) => shape is [] or [1];
}
