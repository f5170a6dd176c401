using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Execution;
using FixupNet.Runs.Metrics;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Studies;

/// <summary>Options of the "distillation" study.</summary>
/// <param name="Depth">Layers of the student, as "model.depth" has them; null for those of the teacher.</param>
/// <param name="Temperature">T: by which scores are divided before they are compared.</param>
/// <param name="Alpha">α: the teacher's part of the loss; the labels have the rest.</param>
/// <param name="Epochs">Passes over the training set; null for the trial's.</param>
public sealed record DistillationOptions(
    [property: Description("Layers of the student; null: those of the teacher.")] int? Depth = null,
    [property: Description("By which scores are divided before they are compared."), Range(0.01, 1000.0)] double Temperature = 4,
    [property: Description("The teacher's part of the loss."), Range(0.0, 1.0)] double Alpha = 0.9,
    [property: Description("Passes over the training set; null: the trial's."), Range(1, 1_000_000)] int? Epochs = null);

/// <summary>What a student gains from a trained teacher (arXiv:1503.02531): α·T²·KL(softmax(z_t/T) ‖ softmax(z_s/T)) + (1 − α)·loss, both means over a batch.</summary>
/// <remarks>The teacher is in evaluation mode and sees the same augmented images. Published code that averages over classes too has another α.</remarks>
internal static class DistillationStudy
{
    internal static StudyFindings Run(StudyTrial trial, DistillationOptions options)
    {
        var student = new TrainingVariation { Epochs = options.Epochs, Changes = options.Depth is { } depth ? [$"model.depth={depth}"] : [] };
        // Alone it is trained in the same engine, so that nothing but the loss differs.
        using var alone = trial.Trainings.Train("alone", student with { Task = task => new VariedTask(task) });
        using var taught = trial.Trainings.Train("taught", student with { Task = task => new DistilledTask(task, trial.Network, options.Temperature, options.Alpha) });
        var teacher = trial.Task.Evaluate(trial.Network).Values[Metric.Accuracy.Name]!.Value;
        return new StudyFindings(
            [
                new("test accuracy of the teacher", teacher, Metric.Share),
                new("test accuracy of the student alone", alone.TestAccuracy, Metric.Share),
                new("test accuracy of the student, taught", taught.TestAccuracy, Metric.Share),
                new("gain by the teacher", taught.TestAccuracy - alone.TestAccuracy),
                new("weights of the student over those of the teacher", Size(alone.Network) / Size(trial.Network)),
                new("trainings that diverged", (alone.Diverged ? 1 : 0) + (taught.Diverged ? 1 : 0)),
            ],
            []);
    }

    private static double Size(ResidualNetwork network) => network.parameters().Sum(parameter => parameter.numel());

    /// <summary>A task of images whose loss is in part the distance from a teacher's scores.</summary>
    /// <param name="inner">The task.</param>
    /// <param name="teacher">The teacher, in evaluation mode; not disposed.</param>
    /// <param name="temperature">T.</param>
    /// <param name="alpha">α.</param>
    internal sealed class DistilledTask(ITask inner, nn.Module<Tensor, Tensor> teacher, double temperature, double alpha) : VariedTask(inner)
    {
        /// <inheritdoc/>
        public override Tensor Loss(Tensor outputs, Batch batch)
        {
            Tensor goal;
            using (no_grad()) goal = (teacher.call(batch.Input) / temperature).log_softmax(1);
            var distance = (goal.exp() * (goal - (outputs / temperature).log_softmax(1))).sum(1).mean();
            return distance * (alpha * temperature * temperature) + base.Loss(outputs, batch) * (1 - alpha);
        }
    }
}
