using System.Text;
using FixupNet.Experiments;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Trials;
using FixupNet.Reliability.Tests.Harness;
using FixupNet.Runs;
using FixupNet.Runs.Records;
using Serilog.Core;

namespace FixupNet.Reliability.Tests.Resume;

/// <summary>Promise 2: wherever a training is interrupted, resuming it gives the bits of the one that was not.</summary>
internal sealed class ResumeTests : ReliabilityTest
{
    private const string Document = """
        { "name": "cut", "dataset": { "name": "synthetic-shapes", "trainExamples": 16, "testExamples": 8 },
          "model": { "name": "resnet-cifar", "depth": 8, "width": 2 },
          "optimizer": { "name": "sgd", "learningRate": 0.02 },
          "training": { "epochs": 3, "batchSize": 6 },
          "record": { "gradientNormsEverySteps": 2, "metricsEverySteps": 2 }, "stop": { "lossAbove": 1e300 } }
        """;

    [TestCase(6)]
    [TestCase(117, Category = "Slow")]
    public void Resuming_GivesTheSameBits(int count)
    {
        var problems = ResumeCase.Of(count).Select((one, number) => (Case: one, Problem: ProblemWith(one, number)))
            .Where(pair => pair.Problem is not null).ToList();

        Assert.That(problems, Is.Empty);
        Figures.Note(2,
            $"{count} combinations of cut, network, depth, engine, precision, initialization, optimizer, schedule, augmentation and records resumed, 0 mismatches");
    }

    private string? ProblemWith(ResumeCase one, int number)
    {
        var document = TrainDocument.Parse(Encoding.UTF8.GetBytes(Document), "cut.json", one.Changes, ProductRegistries.All);
        var (undisturbed, cut) = (new TrialDirectory(At($"{number}-undisturbed")), new TrialDirectory(At($"{number}-cut")));
        if (Run(document, undisturbed, new CancellationTokenSource(), cut: null) is not TrialState.Completed and var other) return $"undisturbed, it ended {other}";
        var interruptions = 0;
        for (var state = TrialState.Interrupted; state == TrialState.Interrupted;)
        {
            using var source = new CancellationTokenSource();
            if (one.Cut == Cut.Beginning && interruptions == 0) source.Cancel();
            state = Run(document, cut, source, interruptions == 0 || one.Cut == Cut.EveryStep ? one.Cut : null);
            if (state == TrialState.Interrupted) interruptions++;
        }
        // An evaluation may be over before it is noticed that it should end.
        var expected = one.Cut switch { Cut.EveryStep => CutObserver.Epochs * CutObserver.StepsPerEpoch, Cut.Evaluation => Math.Min(1, interruptions), _ => 1 };
        if (interruptions != expected) return $"it was interrupted {interruptions} times instead of {expected}";
        return RunFingerprint.Of(cut.Root).DifferenceTo(RunFingerprint.Of(undisturbed.Root));
    }

    private static TrialState Run(TrainDocument document, TrialDirectory directory, CancellationTokenSource source, Cut? cut)
    {
        var services = new TrialServices(Logger.None, TimeProvider.System, cut is { } place ? _ => new CutObserver(place, source) : null);
        return TrialRunner.Run(document, directory, new TrialOptions("cpu", Threads: 1), services, source.Token).State;
    }
}
