using FixupNet.Architectures;
using FixupNet.Decoding;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Runs;
using FixupNet.Training.Checkpoints;
using FixupNet.Training.Data.Text;
using FixupNet.Training.Tasks;
using TorchSharp;

namespace FixupNet.Experiments.Trials;

/// <summary>Translates text with what a run has learned; the text that it learned from need not be there.</summary>
public static class TranslationRunner
{
    /// <summary>Translates.</summary>
    /// <param name="document">The run's configuration.</param>
    /// <param name="folder">The run's folder, which holds its vocabulary.</param>
    /// <param name="weightsFile">A .safetensors with the weights.</param>
    /// <param name="sentences">The sentences.</param>
    /// <param name="search">How translations are searched for, from how the run's evaluations do.</param>
    /// <param name="options">Where and how it runs.</param>
    /// <returns>The translations, in the sentences' order.</returns>
    /// <exception cref="ConfigException">The run learned something else.</exception>
    /// <exception cref="InvalidDataException">Weights or vocabulary are not this run's.</exception>
    public static IReadOnlyList<string> Run(
        TrainDocument document, string folder, string weightsFile, IReadOnlyList<string> sentences, Func<BeamSearchOptions, BeamSearchOptions> search, TrialOptions options)
    {
        var config = document.Config;
        if (config.Task.Options is not TranslationOptions task)
            throw new ConfigException([new ConfigError(Path.Combine(folder, "config.json"), null, "task.name", $"is \"{config.Task.Name}\"; must be \"{Translation.Record.Name}\" to translate")]);
        var vocabulary = Translation.VocabularyOf(folder, new TrialDirectory(folder).ReadEnvironment()?.DatasetDigest);
        if (options.Threads is { } threads) torch.set_num_threads(threads);
        var device = ComputeDevice.Of(options.Device);
        using var network = (Transformer)TrialAssembly.CreateNetwork(config, vocabulary.Target.Units.Count, device, Translation.ShapeOf(vocabulary));
        ModelWeights.Import(network, weightsFile);
        network.eval();
        return Translator.Translate(network, vocabulary, sentences, search(task.Search), device);
    }
}
