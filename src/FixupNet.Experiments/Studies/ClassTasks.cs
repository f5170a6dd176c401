using FixupNet.Execution;
using FixupNet.Randomness;
using FixupNet.Runs.Metrics;
using FixupNet.Training.Data;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Studies;

/// <summary>A dataset's classes, split into tasks.</summary>
internal sealed class ClassTasks
{
    private readonly StudyTrial _trial;
    private readonly ForgettingScenario _scenario;
    private readonly int[][] _classes;

    private ClassTasks(StudyTrial trial, ForgettingScenario scenario, int[][] classes) => (_trial, _scenario, _classes) = (trial, scenario, classes);

    /// <summary>Splits classes in an order of the trial's seed.</summary>
    /// <exception cref="StudyRefusedException">There are not as many classes in each task.</exception>
    internal static ClassTasks Of(StudyTrial trial, int count, ForgettingScenario scenario)
    {
        var classes = trial.Images.Dataset.ClassNames.Count;
        if (classes % count != 0 || classes / count < 2)
            throw new StudyRefusedException("dataset", $"has {classes} classes, which cannot be split into {count} tasks of as many classes each, at least two; choose another number of tasks.");
        if (scenario == ForgettingScenario.Task && trial.Trainings.MixesImages)
            throw new StudyRefusedException("augmentation.mixupAlpha", "is above 0; must be 0 where the task is told: two images that are mixed may be of two tasks.");
        return new(trial, scenario, [.. Permutation.Of(classes, trial.Seeds.Stream("study-tasks")).Chunk(classes / count)]);
    }

    /// <summary>The images of one task.</summary>
    internal ImageDataset this[int task] => _trial.Dataset.OfClasses(_classes[task], IsRenumbered);

    /// <summary>The images of all tasks.</summary>
    internal ImageDataset All => IsRenumbered ? _classes.Select((_, task) => this[task]).Aggregate((all, task) => all.And(task)) : _trial.Dataset;

    /// <summary>What makes the classes of a told task compete alone; null where none is told.</summary>
    internal Func<ITask, ITask>? Heads => _scenario == ForgettingScenario.Task ? task => new HeadsTask(task, _classes) : null;

    private bool IsRenumbered => _scenario == ForgettingScenario.Domain;

    /// <summary>The images of one task, and some of each class of those before it.</summary>
    internal ImageDataset WithRehearsal(int task, int imagesPerClass)
    {
        var data = this[task];
        for (var before = 0; before < task; before++)
        {
            var earlier = this[before];
            var order = Permutation.Of(earlier.Train.Count, _trial.Seeds.Stream("study-rehearsal", 0, before));
            var some = order.GroupBy(image => earlier.Train.Labels[image]).SelectMany(group => group.Take(imagesPerClass)).Order();
            data = data.And(earlier.Subset([.. some]));
        }
        return data;
    }

    /// <summary>The scores among which a network decides in a task.</summary>
    internal Func<Tensor, Tensor> ScoresOf(ResidualNetwork network, int task) => _scenario == ForgettingScenario.Task
        ? images => network.call(images).index_select(1, tensor([.. _classes[task].Select(label => (long)label)], device: _trial.Device))
        : network.call;

    /// <summary>Accuracy on the test images of each task.</summary>
    internal double[] Accuracies(ResidualNetwork network)
    {
        var all = _trial.Images;
        using var probabilities = StudyAccuracy.Probabilities(network, all, all.TestCount);
        var outputs = probabilities.data<double>().ToArray().Chunk((int)probabilities.shape[1]).ToArray();
        var labels = _trial.Dataset.Test.Labels;
        return [.. _classes.Select(classes =>
        {
            var some = Enumerable.Range(0, outputs.Length).Where(i => classes.Contains(labels[i])).ToList();
            return some.Average(i => Decide(outputs[i], classes) == labels[i] ? 1.0 : 0.0);
        })];
    }

    // The class that outputs stand for, in a task of these classes.
    private int Decide(double[] outputs, int[] classes) => _scenario switch
    {
        ForgettingScenario.Class => Array.IndexOf(outputs, outputs.Max()),
        ForgettingScenario.Task => classes.MaxBy(label => outputs[label]),
        _ => classes[Array.IndexOf(outputs, outputs.Max())],
    };

    /// <summary>A task in which the classes of an image's own task compete, and no others.</summary>
    private sealed class HeadsTask(ITask inner, int[][] classes) : VariedTask(inner)
    {
        private readonly long[] _members = [.. classes.SelectMany(task => task).Select(label => (long)label)];
        private readonly long[] _taskOf = [.. Enumerable.Range(0, classes.Sum(task => task.Length)).Select(label => (long)Array.FindIndex(classes, task => task.Contains(label)))];
        private readonly long[] _placeOf = [.. Enumerable.Range(0, classes.Sum(task => task.Length)).Select(label => (long)Array.IndexOf(classes.First(task => task.Contains(label)), label))];

        /// <inheritdoc/>
        public override Tensor Loss(Tensor outputs, Batch batch)
        {
            var (scores, own) = Own(outputs, (ImageBatch)batch);
            return base.Loss(scores, own);
        }

        /// <inheritdoc/>
        public override IReadOnlyList<MetricTotal> Measure(Tensor outputs, Batch batch)
        {
            using var scope = NewDisposeScope();
            var (scores, own) = Own(outputs, (ImageBatch)batch);
            return base.Measure(scores, own);
        }

        private (Tensor Scores, ImageBatch Batch) Own(Tensor outputs, ImageBatch batch)
        {
            var device = outputs.device;
            var members = tensor(_members, [classes.Length, classes[0].Length], device: device);
            var rows = members.index_select(0, tensor(_taskOf, device: device).index_select(0, batch.Labels));
            var labels = tensor(_placeOf, device: device).index_select(0, batch.Labels);
            return (outputs.gather(1, rows), batch with { Labels = labels });
        }
    }
}
