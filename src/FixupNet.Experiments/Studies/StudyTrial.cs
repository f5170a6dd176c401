using FixupNet.Execution;
using FixupNet.Randomness;
using FixupNet.Training.Data;
using FixupNet.Training.Tasks;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Studies;

/// <summary>A trained network with the images it was trained on.</summary>
/// <param name="Network">The network, in evaluation mode.</param>
/// <param name="Task">What it learned; measures it on the test split.</param>
/// <param name="Seeds">Random streams of the run; a study draws from names of its own.</param>
/// <param name="Device">Where it computes.</param>
public sealed record StudyTrial(ResidualNetwork Network, ITask Task, SeedPlan Seeds, Device Device)
{
    /// <summary>Its images.</summary>
    /// <exception cref="StudyRefusedException">It learned no images.</exception>
    public BatchPipeline Images => (Task as ImageClassification)?.Batches ?? throw new StudyRefusedException("task", "is another than image classification, which alone this study asks about.");

    /// <summary>Its images with their labels, in memory, for studies that change them.</summary>
    /// <exception cref="StudyRefusedException">They are read from a folder as they are needed.</exception>
    public ImageDataset Dataset => Images.Dataset as ImageDataset
        ?? throw new StudyRefusedException("dataset.name", $"is \"{Images.Dataset.Name}\", which is read image by image; must be a dataset that is held in memory for this study.");

    /// <summary>Trains more networks by the trial's recipe.</summary>
    public required IStudyTrainings Trainings { get; init; }
}
