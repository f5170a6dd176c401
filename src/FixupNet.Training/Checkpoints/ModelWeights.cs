using FixupNet.Runs.Files;
using static TorchSharp.torch;

namespace FixupNet.Training.Checkpoints;

/// <summary>Moves a network's parameters and buffers to and from safetensors, under the names of the published PyTorch code.</summary>
public static class ModelWeights
{
    /// <summary>Writes every parameter and persistent buffer.</summary>
    /// <param name="network">Whose state.</param>
    /// <param name="path">The file, replaced as a whole.</param>
    public static void Save(nn.Module network, string path) =>
        DurableFile.Write(path, stream => Write(network, stream));

    /// <summary>Writes every parameter and persistent buffer.</summary>
    /// <param name="network">Whose state.</param>
    /// <param name="stream">Takes a .safetensors file.</param>
    public static void Write(nn.Module network, Stream stream) =>
        NamedTensors.Write(stream, network.state_dict().Select(pair => (pair.Key, pair.Value)));

    /// <summary>Checks that a file holds what <see cref="Import"/> reads: names, element types, shapes and completeness; elements are not
    /// read.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or is not of this network.</exception>
    public static void Require(nn.Module network, string path) => ImportedWeights.Require(network, path);

    /// <summary>Reads weights that another program may have written: prefixes of wrappers ("module.", "_orig_mod.") are dropped, counters of
    /// batches may be missing, and one number may be [] or [1]. All is checked before anything is changed.</summary>
    /// <param name="network">Where to.</param>
    /// <param name="path">The .safetensors.</param>
    /// <exception cref="InvalidDataException">The file is damaged, is not of this network, or holds NaN, infinity or numbers beyond the range of
    /// the network's element type.</exception>
    public static void Import(nn.Module network, string path) => ImportedWeights.Load(network, path);

    /// <summary>Reads them back; names, element types, shapes and completeness are checked before anything is changed.</summary>
    /// <param name="network">Where to.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or does not hold exactly this network's state.</exception>
    public static void Load(nn.Module network, string path) => NamedTensors.Load(path, network.state_dict());
}
