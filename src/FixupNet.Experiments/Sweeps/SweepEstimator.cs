using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Trials;
using FixupNet.Runs.Records;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Predicts what a sweep takes: measures each shape at two small depths where cost grows linearly with depth, else at each depth.</summary>
/// <param name="measurer">Measures steps.</param>
/// <param name="threads">CPU threads of one operation in a trial; null for one a physical core.</param>
/// <param name="freeBytes">Memory free for a trial.</param>
public sealed class SweepEstimator(IStepMeasurer measurer, int? threads, long freeBytes)
{
    private const int LowDepth = 20;
    private const int HighDepth = 56;

    private readonly Dictionary<(string Shape, int? Depth, StepPlan Plan), (StepMeasurement Measurement, double StartSeconds)> _measured = [];
    private readonly Dictionary<string, (StepCosts Costs, long ParameterBytes)> _networks = [];

    /// <summary>Predicts every trial and the whole.</summary>
    /// <param name="trials">The trials.</param>
    /// <param name="jobs">Trials at a time.</param>
    /// <param name="isReused">Whether a trial's result is copied from another sweep, which takes no time of this one; null for none.</param>
    /// <exception cref="IOException">A measurement failed.</exception>
    public SweepEstimate Estimate(IReadOnlyList<TrialPlan> trials, int jobs, Func<TrialPlan, bool>? isReused = null)
    {
        var planned = new StepPlanOrProblem[trials.Count];
        foreach (var shape in trials.GroupBy(MeasuredShape.Key)) PlanShape(shape.Key, [.. shape], planned);
        var estimates = new TrialEstimate[trials.Count];
        var groups = trials.GroupBy(trial => (Shape: MeasuredShape.Key(trial), planned[trial.Index].Plan?.MicroBatchSize, planned[trial.Index].Plan?.Recompute));
        foreach (var group in groups)
        {
            List<TrialPlan> members = [.. group];
            foreach (var trial in members) estimates[trial.Index] = EstimateOf(trial, members, group.Key.Shape, planned[trial.Index]);
        }
        return new SweepEstimate(estimates, Makespan(trials.Where(trial => isReused?.Invoke(trial) != true).Select(trial => estimates[trial.Index].Seconds ?? 0), jobs));
    }

    private sealed record StepPlanOrProblem(StepPlan? Plan, string? Problem = null);

    private void PlanShape(string shape, List<TrialPlan> trials, StepPlanOrProblem[] planned)
    {
        var smallest = trials.MinBy(MeasuredShape.Depth)!;
        var low = Depths(trials)?.Low ?? MeasuredShape.Depth(smallest);
        var first = measurer.Measure(smallest.ConfigJson, [.. MeasuredShape.Overrides(low), "training.memoryBudget=null"], null, threads);
        _measured[(shape, low, Essence(first.Measurement.Plan))] = first;
        foreach (var trial in trials) planned[trial.Index] = PlanOf(trial, first.Measurement);
    }

    private StepPlanOrProblem PlanOf(TrialPlan trial, StepMeasurement measured)
    {
        var (costs, parameterBytes) = NetworkOf(trial.Config, measured);
        var own = measured.FixedBytes + StepMeter.CopiesOfParameters * parameterBytes;
        try
        {
            return new(costs.Plan(trial.Config, new MemoryNow(own, Math.Max(0, freeBytes - own)), threads ?? get_num_threads()));
        }
        catch (ConfigException error)
        {
            return new(null, error.Errors[0].Message);
        }
    }

    private (StepCosts Costs, long ParameterBytes) NetworkOf(TrainConfig config, StepMeasurement measured)
    {
        var key = $"{config.Model.Name} {config.Model.Options} {config.Training.Precision} {config.Training.Engine} {config.Task} {measured.ClassCount} {measured.Inputs}";
        if (_networks.TryGetValue(key, out var known)) return known;
        var precision = TrialAssembly.ElementType(config.Training.Precision);
        using var network = config.Registries.Models[config.Model.Name].Create(config.Model.Options, measured.ClassCount, measured.Inputs);
        network.to(precision);
        return _networks[key] = (StepCosts.Of(config, network, CPU), StepMeter.ParameterBytes(network));
    }

    private TrialEstimate EstimateOf(TrialPlan trial, List<TrialPlan> group, string shape, StepPlanOrProblem planned)
    {
        if (planned.Plan is not { } plan) return new(null, null, null, planned.Problem);
        if (Depths(group) is not { } depths || depths.Low == depths.High) return new(Seconds(Measured(trial, shape, MeasuredShape.Depth(trial), plan), trial), plan.PredictedBytes, plan);
        var low = Seconds(Measured(trial, shape, depths.Low, plan), trial);
        var high = Seconds(Measured(trial, shape, depths.High, plan), trial);
        var seconds = low + (high - low) * (MeasuredShape.Depth(trial)!.Value - depths.Low) / (depths.High - depths.Low);
        return new(Math.Max(seconds, 0), plan.PredictedBytes, plan);
    }

    private (StepMeasurement Measurement, double StartSeconds) Measured(TrialPlan trial, string shape, int? depth, StepPlan plan)
    {
        var measured = Essence(plan);
        // As large a share of a shallower network's blocks is computed again.
        if (measured.DepthFirst is { } engine && depth is { } shallow)
            measured = measured with { DepthFirst = engine with { RecomputedBlocks = (int)((long)engine.RecomputedBlocks * shallow / MeasuredShape.Depth(trial)!.Value) } };
        var key = (shape, depth, measured);
        if (!_measured.TryGetValue(key, out var known))
            _measured[key] = known = measurer.Measure(trial.ConfigJson, MeasuredShape.Overrides(depth), measured, threads);
        return known;
    }

    // What of a plan decides time.
    private static StepPlan Essence(StepPlan plan) => plan with { PredictedBytes = null, Reason = "" };

    // A whole trial as if its network had the measured depth: what is linear in depth part by part is so as a sum.
    private static double Seconds((StepMeasurement Measurement, double StartSeconds) measured, TrialPlan trial)
    {
        var (step, training) = (measured.Measurement, trial.Config.Training);
        var evaluations = training.Epochs == 0 ? 1 : (training.Epochs + training.EvaluateEveryEpochs - 1) / training.EvaluateEveryEpochs;
        return measured.StartSeconds
            + training.Epochs * (double)step.StepsPerEpoch * step.StepSeconds
            + evaluations * (double)step.TestCount * step.EvaluationSecondsPerImage;
    }

    // The trials' own depths where they are small, else the nearest allowed ones.
    private static (int Low, int High)? Depths(List<TrialPlan> trials)
    {
        var model = trials[0].Config.Model;
        if (MeasuredShape.Depth(trials[0]) is null || trials[0].Config.Registries.Models[model.Name].DepthStep is not { } step) return null;
        var (least, most) = (trials.Min(MeasuredShape.Depth)!.Value, trials.Max(MeasuredShape.Depth)!.Value);
        // The remainder decides which depth is allowed.
        int Near(int depth) => depth + (least % step - depth % step + step) % step;
        return (Math.Min(Near(LowDepth), least), Math.Min(Near(HighDepth), most));
    }

    // Whoever is free first takes the next trial, as "sweep run" does.
    private static double Makespan(IEnumerable<double> seconds, int jobs)
    {
        var busyUntil = new double[jobs];
        foreach (var duration in seconds)
        {
            Array.Sort(busyUntil);
            busyUntil[0] += duration;
        }
        return busyUntil.Max();
    }
}
