using FixupNet.Runs.Safetensors;
using static TorchSharp.torch;

namespace FixupNet.Training.Checkpoints;

/// <summary>Moves a network's parameters and buffers to and from safetensors, under the names of the published PyTorch code.</summary>
public static class ModelWeights
{
    /// <summary>Writes every parameter and persistent buffer.</summary>
    /// <param name="network">Whose state.</param>
    /// <param name="path">The file, replaced as a whole.</param>
    /// <param name="metadata">Text to store with it.</param>
    public static void Save(nn.Module network, string path, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafetensorsFile.Write(path, Entries(network), metadata);

    /// <summary>Copies every parameter and persistent buffer out of libtorch.</summary>
    /// <param name="network">Whose state.</param>
    public static IReadOnlyList<SafetensorsEntry> Entries(nn.Module network) =>
        NamedTensors.Entries(network.state_dict().Select(pair => (pair.Key, pair.Value)));

    /// <summary>Reads them back; names, element types, shapes and completeness are checked before anything is changed.</summary>
    /// <param name="network">Where to.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or does not hold exactly this network's state.</exception>
    public static void Load(nn.Module network, string path) => NamedTensors.Load(path, network.state_dict());
}
