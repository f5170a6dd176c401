using System.Globalization;
using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Runs;
using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Files;
using FixupNet.Runs.Records;
using FixupNet.Schedules;
using Serilog;

namespace FixupNet.Experiments.Trials;

/// <summary>Gives a run more epochs than it had: it goes on from its last checkpoint, optimizer and all, as if it had been interrupted
/// there.</summary>
internal static class LongerRun
{
    private const string EarlierConfigs = "config.epochs-*.json";

    /// <summary>Makes a directory ready to go on, where the document differs from that of the run by more epochs only; configuration and result
    /// of the shorter run stay beside those of the longer one.</summary>
    /// <param name="document">What to train.</param>
    /// <param name="directory">The run's directory, owned by the caller.</param>
    /// <param name="log">Takes warnings.</param>
    /// <exception cref="InvalidDataException">The run is complete and keeps no checkpoint.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    internal static void Prepare(TrainDocument document, TrialDirectory directory, ILogger log)
    {
        if (EpochsBefore(document, directory) is not { } epochs) return;
        var summary = directory.ReadSummary();
        if (summary is not (null or { State: TrialState.Completed })) return;
        if (summary is not null && new CheckpointStore(directory, document.Config.Checkpoint.Keep).List().Count == 0)
            throw new InvalidDataException(
                $"{directory.Root} holds {epochs} complete epochs but no checkpoint to go on from, for checkpoint.finalWeights is false; train {document.Config.Training.Epochs} epochs in another --output.");
        var name = string.Create(CultureInfo.InvariantCulture, $"epochs-{epochs}.json");
        DurableFile.WriteAllBytes(Path.Combine(directory.Root, $"config.{name}"), File.ReadAllBytes(directory.ConfigFile));
        if (summary is not null) File.Move(directory.SummaryFile, Path.Combine(directory.Root, $"summary.{name}"), overwrite: true);
        // Last of all: a run that dies before is still the shorter one, left off.
        DurableFile.WriteAllText(directory.ConfigFile, document.Json);
        log.Information("Going on from {Before} to {Epochs} epochs", epochs, document.Config.Training.Epochs);
        if (!IsSameSchedule(document.Config, epochs))
            log.Warning(
                "The schedule {Schedule} depends on the length of the run: the first {Before} epochs had the learning rates of a run of {Before} epochs, not those of {Epochs}",
                document.Config.Schedule.Name, epochs, epochs, document.Config.Training.Epochs);
    }

    /// <summary>The hashes that checkpoints of a run may carry: its own, and those from when it had fewer epochs.</summary>
    internal static IReadOnlyCollection<string> Hashes(TrainDocument document, TrialDirectory directory) =>
        [document.Hash, .. Directory.EnumerateFiles(directory.Root, EarlierConfigs).Select(file => ConfigJson.Hash(File.ReadAllText(file)))];

    // Null where the documents differ in more, or in something else, than that this one has more epochs.
    private static int? EpochsBefore(TrainDocument document, TrialDirectory directory)
    {
        if (!File.Exists(directory.ConfigFile) || File.ReadAllText(directory.ConfigFile) is var text && text == document.Json) return null;
        var after = document.Config.Training.Epochs;
        try
        {
            if (JsonNode.Parse(text) is not JsonObject before || before["training"] is not JsonObject training || (int?)training["epochs"] is not { } epochs) return null;
            training["epochs"] = after;
            return epochs > 0 && epochs < after && JsonNode.DeepEquals(before, JsonNode.Parse(document.Json)) ? epochs : null;
        }
        catch (Exception error) when (error is System.Text.Json.JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static bool IsSameSchedule(TrainConfig config, int epochs)
    {
        ILearningRateSchedule Of(int length) => config.Registries.Schedules[config.Schedule.Name].Create(config.Schedule.Options, length);
        var (before, after) = (Of(epochs), Of(config.Training.Epochs));
        // Every quarter of an epoch: schedules change more slowly, or at whole numbers.
        return Enumerable.Range(0, 4 * epochs).All(quarter => before.FactorAt(quarter / 4.0).Equals(after.FactorAt(quarter / 4.0)));
    }
}
