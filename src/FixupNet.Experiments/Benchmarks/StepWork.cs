using System.Text;
using FixupNet.Engine;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Trials;
using FixupNet.Runs.Records;
using FixupNet.Training;
using FixupNet.Training.Observers;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>Whole training steps as a trial does them, on one random batch: loss, gradients, the norm of every layer, update.</summary>
internal sealed class StepWork : IContenderWork
{
    private const int StepsAtOnce = 20;

    private static readonly ConfigRegistries s_registries = ProductRegistries.All with { Tasks = ProductRegistries.All.Tasks.With(RandomSentences.Entry) };

    private readonly Contender _contender;
    private readonly TimeProvider _clock;
    private readonly TrialAssembly _trial;
    private readonly DisposeScope _scope;
    private readonly Batch _batch;
    private readonly DirectoryInfo _folder;
    private readonly GradientNormRecorder _recorder;
    private ITrainingStep? _step;
    private long _stepCount;

    /// <param name="contender">What to compute.</param>
    /// <param name="clock">Tells the time.</param>
    internal StepWork(Contender contender, TimeProvider clock)
    {
        (_contender, _clock) = (contender, clock);
        _folder = Directory.CreateTempSubdirectory("fixupnet-bench-");
        _trial = TrialAssembly.Create(Document(contender, _folder.FullName).Config, new TrialOptions(contender.Device, contender.Threads));
        _trial.Network.train();
        _scope = NewDisposeScope();
        _batch = contender.Model.RandomBatch(contender.BatchSize, _trial.Device);
        _recorder = new GradientNormRecorder(Path.Combine(_folder.FullName, "gradient-norms.jsonl"), _trial.Norms.Names, everySteps: 1);
    }

    /// <inheritdoc/>
    public ContenderReady Begin()
    {
        var started = _clock.GetTimestamp();
        // PyTorch computes the whole batch at once; so does what is measured against it, or fails.
        var plan = _contender.Kind == ContenderKind.Eager ? new StepPlan(_contender.BatchSize, Reason: "the whole batch at once") : _trial.Plan;
        _step = _trial.StepWith(plan, withNorms: _contender.Kind != ContenderKind.CudaGraphWithoutNorms);
        var seconds = _clock.GetElapsedTime(started).TotalSeconds;
        Step();
        return _contender.Kind == ContenderKind.Engine
            ? new ContenderReady(HostMachine.Engine, seconds, plan.Reason)
            : new ContenderReady($"libtorch {HostMachine.Libtorch}", Plan: plan.Reason);
    }

    /// <inheritdoc/>
    public (double StepSeconds, double? RecordSeconds) Step()
    {
        using var scope = NewDisposeScope();
        if (_step!.StepsInFlight > 0) return (StepSecondsInFlight(), null);
        var started = _clock.GetTimestamp();
        var result = _step.Run(_batch, learningRateFactor: 1);
        var stepSeconds = _clock.GetElapsedTime(started).TotalSeconds;
        Require(result);
        return (stepSeconds, RecordSeconds(result));
    }

    /// <inheritdoc/>
    public long PeakMemoryBytes => CudaGraphs.ReservedBytes(_trial.Device) ?? ProcessMemory.PeakBytes;

    // Some steps as the trainer queues them, norms written as they come; a time for each alone would be the time of the queue.
    private double StepSecondsInFlight()
    {
        var started = _clock.GetTimestamp();
        var pending = new Queue<IPendingStep>();
        for (var i = 0; i < StepsAtOnce; i++)
        {
            pending.Enqueue(_step!.Start(_batch, learningRateFactor: 1));
            while (pending.Count > _step.StepsInFlight) Record(pending.Dequeue());
        }
        while (pending.Count > 0) Record(pending.Dequeue());
        return _clock.GetElapsedTime(started).TotalSeconds / StepsAtOnce;
    }

    private void Record(IPendingStep step)
    {
        var result = step.Read();
        Require(result);
        if (_contender.Kind != ContenderKind.CudaGraphWithoutNorms) _recorder.OnStep(new StepReport(_stepCount++, Epoch: 0, EpochsDone: 0, result, LearningRateFactor: 1, TimeSpan.Zero));
    }

    private static void Require(StepResult result)
    {
        if (result.Failure is { } failure) throw new InvalidDataException($"The step diverged: {failure.What} in {failure.Layer}.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        (_step as IDisposable)?.Dispose();
        _recorder.Dispose();
        _folder.Delete(recursive: true);
        _scope.Dispose();
        _trial.Dispose();
    }

    // The step has measured the norms already; once more by itself tells what that takes.
    private double RecordSeconds(StepResult result)
    {
        var started = _clock.GetTimestamp();
        var again = result with { Norms = _trial.Norms.Measure() };
        _recorder.OnStep(new StepReport(_stepCount++, Epoch: 0, EpochsDone: 0, again, LearningRateFactor: 1, TimeSpan.Zero));
        return _clock.GetElapsedTime(started).TotalSeconds;
    }

    private static string EngineOf(ContenderKind kind) => kind switch
    {
        ContenderKind.Eager => "eager",
        ContenderKind.CudaGraph or ContenderKind.CudaGraphWithoutNorms => "cuda-graph",
        _ => "depth-first",
    };

    private static TrainDocument Document(Contender contender, string folder)
    {
        var json = FormattableString.Invariant($$"""{ "name": "bench", {{contender.Model.Sections(contender, folder)}}, "training": { "batchSize": {{contender.BatchSize}} } }""");
        List<string> overrides =
        [
            $"training.engine={EngineOf(contender.Kind)}",
            $"training.precision={(contender.Precision == Precision.BFloat16 ? "bfloat16" : "float32")}",
        ];
        if (contender.MemoryBudget is { } budget) overrides.Add($"training.memoryBudget={budget}");
        return TrainDocument.Parse(Encoding.UTF8.GetBytes(json), "bench", overrides, s_registries);
    }
}
