using System.Security.Cryptography;
using FixupNet.Execution;
using FixupNet.Experiments.Configuration;
using FixupNet.Randomness;
using FixupNet.Training.Checkpoints;
using FixupNet.Training.Data;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Trials;

/// <summary>Files of weights for the network of a configuration, without training it and without its dataset's files where the initialization needs none.</summary>
public static class WeightFiles
{
    /// <summary>Writes the weights a configuration starts from.</summary>
    /// <param name="document">The configuration.</param>
    /// <param name="path">The .safetensors to write; its folder must exist.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteInitial(TrainDocument document, string path) => Write(document, null, path);

    /// <summary>Reads weights from anywhere, checks that they are those of a configuration's network, and writes them in its order and
    /// element type.</summary>
    /// <param name="document">The configuration.</param>
    /// <param name="source">The .safetensors to read.</param>
    /// <param name="path">The .safetensors to write; its folder must exist.</param>
    /// <exception cref="InvalidDataException">The weights are not those of this network.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Convert(TrainDocument document, string source, string path) => Write(document, source, path);

    /// <summary>SHA-256 of a file.</summary>
    /// <param name="file">The file.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string Digest(string file)
    {
        using var stream = File.OpenRead(file);
        return System.Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static void Write(TrainDocument document, string? source, string path)
    {
        var config = document.Config;
        using var network = CreateNetwork(config);
        if (source is not null) ModelWeights.Import(network, source);
        else StartingNetwork.Initialize(network, config);
        ModelWeights.Save(network, path);
    }

    private static ResidualNetwork CreateNetwork(TrainConfig config)
    {
        if (config.TaskEntry.Traits.UsesDataset)
        {
            var dataset = config.Registries.Datasets[config.Dataset.Name];
            return TrialAssembly.CreateNetwork(config, dataset.ClassCountOf(config.Dataset.Options), CPU, dataset.ShapeOf(config.Dataset.Options));
        }
        using var task = TrialAssembly.TaskOf(config, CPU, new SeedPlan(config.Seed));
        return TrialAssembly.CreateNetwork(config, task.OutputCount, CPU, task.Inputs);
    }
}
