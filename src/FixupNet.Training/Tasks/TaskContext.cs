using FixupNet.Randomness;
using FixupNet.Training.Data;
using static TorchSharp.torch;

namespace FixupNet.Training.Tasks;

/// <summary>What a task is given beside its own options.</summary>
/// <param name="Seeds">The run's random streams.</param>
/// <param name="Device">Where batches are made and the network computes.</param>
/// <param name="Batches">How batches are made; what it says of images is for tasks that use the document's dataset.</param>
/// <param name="LabelSmoothing">The share of each label that is spread over all classes, in [0, 1).</param>
/// <param name="LoadImages">Loads the document's dataset, for tasks that use it.</param>
public sealed record TaskContext(SeedPlan Seeds, Device Device, BatchOptions Batches, double LabelSmoothing, Func<ImageData> LoadImages);
