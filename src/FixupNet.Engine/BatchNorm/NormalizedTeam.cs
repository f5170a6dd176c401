using System.Diagnostics;
using FixupNet.Engine.DepthFirst;
using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.BatchNorm;

/// <summary>Training steps and evaluations of a network with batch normalization.</summary>
internal sealed unsafe class NormalizedTeam : ITrainingTeam
{
    private readonly NormalizedPlan _plan;
    private readonly BatchStep _step;
    private readonly Team _team;
    private readonly PartWorker[] _workers;
    private readonly PhaseBarrier _barrier;
    private readonly HeadPhase _head;
    private readonly Phase[] _forward, _all;

    internal NormalizedTeam(NormalizedPlan plan, VectorWidth vectors)
    {
        _plan = plan;
        var kernels = vectors.Kernels<Float32>();
        _step = new BatchStep(plan, kernels);
        _team = new Team(plan.Options.Workers);
        _barrier = new PhaseBarrier(_team.Size);
        _workers = new PartWorker[_team.Size];
        _team.Run(index => _workers[index] = new PartWorker(plan, kernels));
        _head = new HeadPhase(_step);
        _forward = [.. ForwardPhases(_step), _head];
        _all = [.. _forward, .. BackwardPhases(_step)];
    }

    public EngineStepResult Step(in Images batch)
    {
        batch.RequireLabels(_plan.Network.Head.ClassCount);
        if (batch.Count < 1 || batch.Count > _plan.Capacity)
            throw new ArgumentException($"The batch has {batch.Count} images; with batch normalization 1 to {_plan.Capacity} are computed at once.");
        if (batch.Count * _plan.Blocks.Min(block => block.OutPixels) < 2)
            throw new ArgumentException("Batch normalization needs more than one value a channel; the batch has one image of one pixel.");
        foreach (var norm in _step.All) norm.Center();
        var started = Stopwatch.GetTimestamp();
        Run(batch, null, _all);
        var totals = _head.Totals;
        return new EngineStepResult(
            totals.Loss, totals.Correct, totals.PartnerCorrect, Stopwatch.GetElapsedTime(started, _head.EndTime), Stopwatch.GetElapsedTime(_head.EndTime),
            TimeSpan.Zero);
    }

    public void Evaluate(float* pixels, int count, float* logits)
    {
        foreach (var norm in _step.All) norm.UseRunning();
        var images = new Images(pixels, null, null, 1, 0, count);
        var rounds = (count + _plan.Capacity - 1) / _plan.Capacity;
        for (var round = 0; round < rounds; round++)
        {
            var some = images.Part(_plan.Stem.InSize, round, rounds);
            var first = (some.Pixels - pixels) / _plan.Stem.InSize;
            Run(some, logits + (first * _plan.Network.Head.ClassCount), _forward);
        }
    }

    public void Dispose()
    {
        _team.Dispose();
        foreach (var worker in _workers) worker.Dispose();
        _step.Dispose();
    }

    private static IEnumerable<Phase> ForwardPhases(BatchStep step)
    {
        yield return new StemPhase(step);
        for (var block = 0; block < step.Plan.Blocks.Count; block++)
        {
            yield return new FirstConvolutionPhase(step, block);
            for (var i = 1; i < step.Plan.Blocks[block].Convolutions.Count; i++) yield return new LaterConvolutionPhase(step, block, i);
        }
    }

    // Gradients of a phase's parts are added up in the next one, which leaves its own in other memory.
    private static IEnumerable<Phase> BackwardPhases(BatchStep step)
    {
        var partials = 0;
        for (var block = step.Plan.Blocks.Count - 1; block >= 0; block--)
        {
            for (var i = step.Plan.Blocks[block].Convolutions.Count - 1; i > 0; i--) yield return new LaterGradientPhase(step, block, i, partials++ % 2);
            yield return new FirstGradientPhase(step, block, partials++ % 2);
        }
        yield return new StemGradientPhase(step, partials % 2);
    }

    private void Run(in Images batch, float* logits, Phase[] phases)
    {
        _step.Batch = batch;
        _step.Logits = logits;
        _barrier.Reset();
        _team.Run(index => Run(_workers[index], phases));
    }

    private void Run(PartWorker worker, Phase[] phases)
    {
        try
        {
            worker.Reset();
            Phase? before = null;
            foreach (var phase in phases)
            {
                Run(worker, phase, before);
                _barrier.Wait(phase.Finish);
                before = phase;
            }
            for (int index; (index = _barrier.Take()) < before!.SumCount;) before.Sum(index);
        }
        catch (OperationCanceledException)
        {
            // The worker that failed tells why.
        }
        catch
        {
            _barrier.Abandon();
            throw;
        }
    }

    // The sums of the phase before come first: they are all that the last of its workers left to do.
    private void Run(PartWorker worker, Phase phase, Phase? before)
    {
        var sums = before?.SumCount ?? 0;
        for (int index; (index = _barrier.Take()) < sums + phase.Parts;)
            if (index < sums) before!.Sum(index);
            else phase.Run(worker, index - sums);
    }
}
