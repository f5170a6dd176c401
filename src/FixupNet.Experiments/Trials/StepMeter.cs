using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Statistics;
using FixupNet.Runs.Records;
using FixupNet.Training;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Trials;

/// <summary>Measures training steps of a configuration without training; meant for a process of its own, whose memory it reads.</summary>
public static class StepMeter
{
    // The first is warm-up: it generates code and asks the system for memory.
    private const int MinSteps = 3;
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(1.5);

    /// <summary>Weights, gradients and momentum.</summary>
    internal const int CopiesOfParameters = 3;

    /// <summary>Measures steps for a second and a half, three of them at least, and two evaluations of a few examples.</summary>
    /// <param name="document">The configuration.</param>
    /// <param name="plan">How the steps fit into memory; null for what the configuration would choose.</param>
    /// <param name="options">Where and how it runs.</param>
    /// <param name="clock">Tells the time.</param>
    public static StepMeasurement Run(TrainDocument document, StepPlan? plan, TrialOptions options, TimeProvider clock)
    {
        using var trial = TrialAssembly.Create(document.Config, options);
        var fixedBytes = ProcessMemory.ResidentBytes - CopiesOfParameters * ParameterBytes(trial.Network);
        trial.Network.train();
        var started = clock.GetTimestamp();
        var chosen = plan ?? trial.Plan;
        var step = trial.StepWith(chosen);
        using var ending = step as IDisposable;
        var steps = Steps(step, trial, clock);
        var evaluated = Math.Min(Evaluator.ImagesAtOnce(trial.Task.Inputs), trial.Task.TestCount);
        var perImage = EvaluationSeconds(step, trial, evaluated, clock) / evaluated;
        return new StepMeasurement(
            chosen, BenchmarkStatistics.Median(steps), perImage, clock.GetElapsedTime(started).TotalSeconds, trial.Task.BatchesPerEpoch, trial.Task.TestCount,
            trial.Task.OutputCount, fixedBytes, ProcessMemory.PeakBytes, trial.Task.Inputs);
    }

    /// <summary>Bytes of a network's parameters.</summary>
    internal static long ParameterBytes(nn.Module network) => network.parameters().Sum(parameter => parameter.numel() * parameter.ElementSize);

    private static List<double> Steps(ITrainingStep step, TrialAssembly trial, TimeProvider clock)
    {
        var seconds = new List<double>();
        var pending = new Queue<IPendingStep>();
        var started = clock.GetTimestamp();
        var begun = started;
        for (var i = 0; seconds.Count < MinSteps || clock.GetElapsedTime(started) < s_duration; i++)
        {
            using var scope = NewDisposeScope();
            pending.Enqueue(step.Start(trial.Task.Training(0, i % trial.Task.BatchesPerEpoch), learningRateFactor: 0));
            if (pending.Count <= step.StepsInFlight) continue;
            // With others under way, a step takes the time from one result to the next.
            pending.Dequeue().Read();
            seconds.Add(clock.GetElapsedTime(begun).TotalSeconds);
            begun = clock.GetTimestamp();
        }
        while (pending.Count > 0) pending.Dequeue().Read();
        return seconds[1..];
    }

    private static double EvaluationSeconds(ITrainingStep step, TrialAssembly trial, int count, TimeProvider clock)
    {
        step.Evaluate(trial.Task, count);
        var begun = clock.GetTimestamp();
        step.Evaluate(trial.Task, count);
        return clock.GetElapsedTime(begun).TotalSeconds;
    }
}
