using FixupNet.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tests;

/// <summary>An average of weights goes along behind a step, whoever moves it.</summary>
public sealed class AveragedStepTests
{
    [Test]
    public void Run_MovesTheAverage_WhereTheStepIsDone_AndHasUpdated([Values] bool hasUpdated)
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(1, 1, hasBias: false);
        using var average = new WeightAverage(layer, 0.5);
        using var step = new AveragedStep(new FakeStep(_ => Some.Result() with { Updated = hasUpdated }), average);
        var before = average.State[0].State.ToSingle();
        using (no_grad()) layer.weight!.add_(1);

        step.Start(Some.Batch(2), 1).Read();

        Assert.That(average.State[0].State.ToSingle() - before, Is.EqualTo(hasUpdated ? 0.5 : 0).Within(1e-6)); // float32 rounding
        Assert.That(step.StepsInFlight, Is.Zero);
    }

    // As a captured step does, whose updates the host sees later.
    [Test]
    public void Start_LeavesTheAverageToAStepThatMovesIt()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(1, 1, hasBias: false);
        using var average = new WeightAverage(layer, 0.5);
        var inner = new DeferredStep(3);
        using var step = new AveragedStep(inner, average, updates: false);
        var before = average.State[0].State.ToSingle();
        using (no_grad()) layer.weight!.add_(1);

        var pending = Enumerable.Range(0, 3).Select(_ => step.Start(Some.Batch(2), 1)).ToList();
        foreach (var started in pending) started.Read();

        Assert.That((step.StepsInFlight, inner.MostPending, average.State[0].State.ToSingle()), Is.EqualTo((3, 3, before)));
    }
}
