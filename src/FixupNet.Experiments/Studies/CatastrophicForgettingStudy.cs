using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Analysis;
using FixupNet.Execution;
using FixupNet.Optimization.GradientTransforms;
using FixupNet.Randomness;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Studies;

/// <summary>What is known of the task when a network is asked, and what its outputs stand for.</summary>
public enum ForgettingScenario
{
    /// <summary>All classes compete, and the task is not told.</summary>
    Class,

    /// <summary>The task is told: its own classes alone compete, in training and afterwards.</summary>
    Task,

    /// <summary>The outputs stand for the first, second, … class of whatever task it is, which is not told.</summary>
    Domain,
}

/// <summary>Options of the "catastrophic-forgetting" study.</summary>
/// <param name="Tasks">Tasks into which the classes are split.</param>
/// <param name="Scenario">What is known of the task, and what outputs stand for.</param>
/// <param name="Strength">λ of elastic weight consolidation.</param>
/// <param name="FisherImages">Training images of each task on which the Fisher information is computed.</param>
/// <param name="Rehearsed">Images of each earlier class that rehearsal trains on as well.</param>
/// <param name="Epochs">Passes over the training set of each task; null for the trial's.</param>
public sealed record CatastrophicForgettingOptions(
    [property: Description("Tasks into which the classes are split."), Range(2, 100)] int Tasks = 5,
    [property: Description("What is known of the task, and what outputs stand for.")] ForgettingScenario Scenario = ForgettingScenario.Class,
    [property: Description("Strength of elastic weight consolidation."), Range(0.0, 1e12)] double Strength = 100,
    [property: Description("Images of each task for the Fisher information."), Range(1, 1_000_000)] int FisherImages = 100,
    [property: Description("Images of each earlier class that rehearsal trains on as well."), Range(1, 1_000_000)] int Rehearsed = 20,
    [property: Description("Passes over each task's images; null: the trial's."), Range(1, 1_000_000)] int? Epochs = null);

/// <summary>What a network forgets when it learns one task after the other (arXiv:1904.07734): plain, with elastic weights, with rehearsal, and all at once.</summary>
/// <remarks>R(t, j) is the accuracy on the test images of task j after task t. Every task begins the schedule and the optimizer's memory anew.</remarks>
internal sealed class CatastrophicForgettingStudy(StudyTrial trial, CatastrophicForgettingOptions options)
{
    private readonly ClassTasks _tasks = ClassTasks.Of(trial, options.Tasks, options.Scenario);
    private int _diverged;

    internal static StudyFindings Run(StudyTrial trial, CatastrophicForgettingOptions options) => new CatastrophicForgettingStudy(trial, options).Run();

    private StudyFindings Run()
    {
        List<StudyValue> values = [];
        List<StudyMatrix> matrices = [];
        foreach (var (name, train) in ((string, Func<double[][]>)[])[("plain", () => Sequence("plain")), ("elastic weights", () => Sequence("elastic")), ("rehearsal", () => Sequence("rehearsal"))])
        {
            var accuracies = train();
            var (last, count) = (accuracies[^1], options.Tasks);
            values.Add(new($"{name}: accuracy after all tasks", last.Average(), Metric.Share));
            values.Add(new($"{name}: backward transfer", Enumerable.Range(0, count - 1).Average(task => last[task] - accuracies[task][task])));
            values.Add(new($"{name}: forgetting", Enumerable.Range(0, count - 1).Average(task => Enumerable.Range(0, count - 1).Max(after => accuracies[after][task]) - last[task])));
            IReadOnlyList<string> tasks = [.. Enumerable.Range(1, count).Select(task => $"task {task}")];
            matrices.Add(new($"{name}: accuracy by task", "last task learned", "asked about", tasks, tasks, accuracies, Metric.Share));
        }
        values.Add(new("all tasks at once: accuracy", Joint().Average(), Metric.Share));
        values.Add(new("trainings that diverged", _diverged));
        return new StudyFindings(values, [], matrices);
    }

    private double[] Joint()
    {
        using var training = Train("joint", new TrainingVariation { Data = _tasks.All });
        return _tasks.Accuracies(training.Network);
    }

    // R(t, ·) for every t.
    private double[][] Sequence(string way)
    {
        using var scope = NewDisposeScope();
        var (accuracies, memory) = (new List<double[]>(), new ElasticMemory());
        Dictionary<string, Tensor>? weights = null;
        for (var task = 0; task < options.Tasks; task++)
        {
            var begin = weights;
            using var training = Train($"{way}-{task + 1}", new TrainingVariation
            {
                Data = way == "rehearsal" ? _tasks.WithRehearsal(task, options.Rehearsed) : _tasks[task],
                Start = begin is null ? null : network => Copy(begin, network),
                Transform = way == "elastic" && task > 0 ? target => new ElasticWeights(target, memory.Stiffness, memory.Pull, options.Strength) : null,
            });
            accuracies.Add(_tasks.Accuracies(training.Network));
            if (task == options.Tasks - 1) break;
            weights = training.Network.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.detach().clone());
            if (way == "elastic") memory.Add(training.Network, _tasks.ScoresOf(training.Network, task), training.Images.Original(0, Math.Min(options.FisherImages, training.Images.TrainCount)).Images);
        }
        return [.. accuracies];
    }

    private StudyTraining Train(string name, TrainingVariation variation)
    {
        var training = trial.Trainings.Train(name, variation with { Epochs = options.Epochs, Task = _tasks.Heads });
        if (training.Diverged) _diverged++;
        return training;
    }

    private static void Copy(Dictionary<string, Tensor> weights, ResidualNetwork network)
    {
        using var mode = no_grad();
        foreach (var (name, tensor) in network.state_dict()) tensor.copy_(weights[name]);
    }

    // ΣF and ΣF·θ over the tasks so far.
    private sealed class ElasticMemory
    {
        internal Dictionary<string, Tensor> Stiffness { get; } = [];

        internal Dictionary<string, Tensor> Pull { get; } = [];

        internal void Add(ResidualNetwork network, Func<Tensor, Tensor> scores, Tensor images)
        {
            var named = network.named_parameters().ToList();
            var fisher = FisherInformation.Diagonal([.. named.Select(item => item.parameter)], scores, images);
            using var mode = no_grad();
            foreach (var ((name, parameter), information) in named.Zip(fisher))
            {
                Stiffness[name] = Stiffness.TryGetValue(name, out var known) ? known + information : information;
                var pull = information * parameter;
                Pull[name] = Pull.TryGetValue(name, out var before) ? before + pull : pull;
            }
        }
    }
}
