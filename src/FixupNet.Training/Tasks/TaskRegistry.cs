using FixupNet.Architectures;
using FixupNet.Registries;
using FixupNet.Runs.Records;

namespace FixupNet.Training.Tasks;

/// <summary>Every task, one line each; the first one is that of documents which name none.</summary>
public static class TaskRegistry
{
    /// <summary>The registry.</summary>
    public static Registry<TaskEntry> All { get; } = new(
        "task",
        TaskEntry.Of<NoOptions>(
            TaskRecord.ImageClassification, "tells apart images of a dataset by their classes",
            (_, context) => new ImageClassification(new BatchPipeline(context.LoadImages(), context.Batches, context.Seeds, context.Device), context.LabelSmoothing),
            traits: new TaskTraits(UsesDataset: true, SmoothsLabels: true, HasSamples: true)),
        TaskEntry.Of<TranslationOptions>(
            Translation.Record, "translates sentences: text of two languages, or a small generated language",
            (options, context) => new Translation(options, context), TranslationData.RequireFiles, new TaskTraits(ModelEntry.Sentences, SmoothsLabels: true)));
}
