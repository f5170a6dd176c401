namespace FixupNet.Experiments.Studies;

/// <summary>Trains networks for a study by the recipe of its trial: the same network, data, optimizer, schedule and engine.</summary>
public interface IStudyTrainings
{
    /// <summary>Passes over the training set that the trial's document asks for.</summary>
    int Epochs { get; }

    /// <summary>Whether the recipe mixes images with others, so that a training example has no one class.</summary>
    bool MixesImages { get; }

    /// <summary>The network as training begins with it; the caller disposes it.</summary>
    StudyStart Start();

    /// <summary>Trains, or takes up again what an interrupted study had trained under this name.</summary>
    /// <param name="name">Kebab-case name of the training, one of its own within the study.</param>
    /// <param name="variation">What is otherwise than in the trial's own training.</param>
    /// <returns>The trained network; the caller disposes it.</returns>
    /// <exception cref="OperationCanceledException">The study was interrupted; the next call goes on.</exception>
    StudyTraining Train(string name, TrainingVariation variation);
}
