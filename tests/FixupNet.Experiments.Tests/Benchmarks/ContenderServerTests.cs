using FixupNet.Experiments.Configuration;
using System.Text.Json;
using FixupNet.Experiments.Benchmarks;
using FixupNet.Runs.Json;

namespace FixupNet.Experiments.Tests.Benchmarks;

internal sealed class ContenderServerTests
{
    [Test]
    public void Serve_AnswersEveryRoundUntilInputEnds()
    {
        var clock = new SteppingClock();
        using var work = new SteppingWork(clock, stepSeconds: 2);

        var lines = Serve(work, clock, "round 5", "round 0.5");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Has.Length.EqualTo(3));
            Assert.That(Read<ContenderReady>(lines[0]).Version, Is.EqualTo("stepping"));
            Assert.That(Read<ContenderRound>(lines[1]).StepSeconds, Is.EqualTo(new[] { 2.0, 2.0, 2.0 }), "the third step ends after five seconds");
            Assert.That(Read<ContenderRound>(lines[2]).StepSeconds, Has.Count.EqualTo(1), "one step at least");
            Assert.That(Read<ContenderRound>(lines[2]).PeakMemoryBytes, Is.Positive);
        }
    }

    [TestCase("round")]
    [TestCase("round x")]
    [TestCase("stop")]
    public void Serve_RefusesOtherLines(string line)
    {
        var clock = new SteppingClock();
        using var work = new SteppingWork(clock, stepSeconds: 1);

        Assert.That(() => Serve(work, clock, line), Throws.TypeOf<InvalidDataException>().With.Message.Contains(line));
    }

    [TestCase(ContenderKind.Engine, "resnet-cifar", "fixup", 1)]
    [TestCase(ContenderKind.Engine, "resnet-cifar", "skipinit", 1)]
    [TestCase(ContenderKind.Eager, "resnet-cifar", "fixup", 1)]
    [TestCase(ContenderKind.Eager, "resnet-cifar", "batchnorm", 1)]
    [TestCase(ContenderKind.Engine, "resnet-imagenet", "fixup", 1)]
    [TestCase(ContenderKind.Eager, "resnet-imagenet", "batchnorm", 1)]
    [TestCase(ContenderKind.Floor, "resnet-imagenet", "fixup", 0)]
    [TestCase(ContenderKind.Eager, "transformer", "pre-layernorm", 1)]
    [TestCase(ContenderKind.Eager, "transformer", "fixup", 1)]
    [TestCase(ContenderKind.Floor, "resnet-cifar", "fixup", 0)]
    [TestCase(ContenderKind.Floor, "resnet-cifar", "batchnorm", 0)]
    public void Serve_ComputesRealSteps(ContenderKind kind, string model, string variant, int recordedNorms)
    {
        var contender = new Contender(kind, Depth: model == "resnet-imagenet" ? 18 : 8, BatchSize: 2, Threads: 1, Variant: variant) { Model = BenchmarkModel.Of(model) };
        if (new ContenderLauncher(TimeProvider.System).WhyNot(contender) is { } reason) Assert.Ignore(reason);
        using var output = new StringWriter();

        ContenderServer.Serve(contender, new StringReader("round 1e-9\n"), output, TimeProvider.System);

        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var round = Read<ContenderRound>(lines[1]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Read<ContenderReady>(lines[0]).Version, Does.Match(@"\d+\.\d+|kernels"));
            Assert.That(round.StepSeconds, Has.Count.EqualTo(1).And.All.Positive);
            Assert.That(round.RecordSeconds ?? [], Has.Count.EqualTo(recordedNorms).And.All.Positive);
        }
    }

    [TestCase("batchnorm", Precision.Float32, null, null)]
    [TestCase("batchnorm", Precision.BFloat16, null, "float32 only")]
    [TestCase("batchnorm", Precision.Float32, "1.5GB", "whole batch in memory")]
    [TestCase("groupnorm", Precision.Float32, null, null)]
    [TestCase("fixup", Precision.BFloat16, "1.5GB", null)]
    public void WhyNot_SaysWhatTheEngineCannotTrain(string variant, Precision precision, string? memoryBudget, string? reason)
    {
        var contender = new Contender(ContenderKind.Engine, Depth: 8, BatchSize: 2, Threads: 1, precision, memoryBudget, Variant: variant);

        Assert.That(new ContenderLauncher(TimeProvider.System).WhyNot(contender), reason is null ? Is.Null : Does.Contain(reason));
    }

    private static string[] Serve(SteppingWork work, TimeProvider clock, params string[] lines)
    {
        using var output = new StringWriter();
        ContenderServer.Serve(work, new StringReader(string.Join('\n', lines)), output, clock);
        return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static T Read<T>(string line) => JsonSerializer.Deserialize<T>(line, RunJson.Compact)!;

    private sealed class SteppingClock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * TimestampFrequency);
    }

    private sealed class SteppingWork(SteppingClock clock, double stepSeconds) : IContenderWork
    {
        public ContenderReady Begin() => new("stepping");

        public (double StepSeconds, double? RecordSeconds) Step()
        {
            clock.Seconds += stepSeconds;
            return (stepSeconds, null);
        }

        public void Dispose()
        {
        }
    }
}
