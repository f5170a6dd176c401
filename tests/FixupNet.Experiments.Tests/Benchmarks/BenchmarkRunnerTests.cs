using FixupNet.Experiments.Benchmarks;
using FixupNet.Experiments.Configuration;

namespace FixupNet.Experiments.Tests.Benchmarks;

internal sealed class BenchmarkRunnerTests
{
    private static readonly BenchmarkEnvironment s_environment = new("cpu", 2, 2, "avx2", "os", "net", "provider", "1", null, DateTimeOffset.UnixEpoch);

    [Test]
    public void Run_LetsContendersTakeTurns()
    {
        var contenders = new ScriptedContenders((_, _) => 1);

        Run(contenders, Options(rounds: 3, groups: [ContenderGroup.Eager, ContenderGroup.Pytorch]));

        ContenderKind[] turn = [ContenderKind.Eager, ContenderKind.PytorchNchw, ContenderKind.PytorchChannelsLast];
        Assert.That(contenders.Turns.Select(contender => contender.Kind), Is.EqualTo([.. turn, .. turn, .. turn]));
    }

    [Test]
    public void Run_ComparesWithinRounds_WhenTheClockChanges()
    {
        // Each round the machine is half as fast as before; the eager path always takes half the time of PyTorch.
        var contenders = new ScriptedContenders((contender, round) => Math.Pow(2, round) * (contender.Kind == ContenderKind.Eager ? 1 : 2));

        var rows = Run(contenders, Options(rounds: 3, groups: [ContenderGroup.Eager, ContenderGroup.Pytorch])).Networks[0].Rows;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(rows[0].RatioToPytorchNchw, Is.EqualTo(2));
            Assert.That(rows[0].ImagesPerSecondOfRounds, Is.EqualTo(new[] { 128.0, 64.0, 32.0 }), "the median of a round's steps, slow last one or not");
            Assert.That(rows[0].ImagesPerSecondMedian, Is.EqualTo(64));
            Assert.That((rows[0].ImagesPerSecondMin, rows[0].ImagesPerSecondMax), Is.EqualTo((32.0, 128.0)));
            Assert.That(rows[0].PeakMemoryBytes, Is.EqualTo(999), "the most of all rounds");
            Assert.That(rows[0].StepCount, Is.EqualTo(9));
        }
    }

    [Test]
    public void Run_CountsWordsOfTransformers()
    {
        var contenders = new ScriptedContenders((contender, _) => contender.Kind == ContenderKind.Eager ? 1 : 2);
        var transformer = BenchmarkModel.Of("transformer");

        var network = Run(contenders, Options(groups: [ContenderGroup.Eager, ContenderGroup.Pytorch]) with { Model = transformer, Variant = transformer.Method, Depths = [3] }).Networks[0];

        using (Assert.EnterMultipleScope())
        {
            Assert.That((network.Model, network.Unit, network.Depth), Is.EqualTo(("transformer", "words", 3)));
            Assert.That(network.Rows.Select(row => row.Kind), Is.EqualTo(new[] { ContenderKind.Eager, ContenderKind.Pytorch }));
            Assert.That((network.Rows[0].ImagesPerSecondMedian, network.Rows[0].RatioToPytorchNchw), Is.EqualTo((128.0 * transformer.Size, 2.0)));
        }
    }

    [Test]
    public void Run_HoldsEachAgainstTheFloorOfItsOwnThreads()
    {
        var contenders = new ScriptedContenders((contender, _) => (contender.Kind == ContenderKind.Floor ? 1.0 : 4.0) / contender.Threads);

        var network = Run(contenders, Options(groups: [ContenderGroup.Engine, ContenderGroup.Floor])).Networks[0];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(network.Rows.Where(row => row.Kind == ContenderKind.Engine).Select(row => row.ShareOfFloor), Is.All.EqualTo(0.25));
            Assert.That(network.Rows.Select(row => row.RatioToPytorchNchw), Is.All.Null);
            Assert.That(network.CoresRatio, Is.EqualTo(2));
        }
    }

    [Test]
    public void Run_GivesTheTimeALayer_RelativeToDepth110()
    {
        // A layer of the deep network takes half as long again.
        var contenders = new ScriptedContenders((contender, _) => contender.Depth * (contender.Depth > 110 ? 1.5 : 1));

        var result = Run(contenders, Options(groups: [ContenderGroup.Engine]) with { DeepDepths = [1202] });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Networks.Select(network => network.LayerTimeRatioToDepth110), Is.EqualTo(new double?[] { null, 1.5 }).Within(1e-12)); // a few divisions
            Assert.That(contenders.Turns.Where(contender => contender.Depth == 1202).Select(contender => contender.MemoryBudget), Is.All.EqualTo("1.5GB"));
        }
    }

    [Test]
    public void Run_LeavesOutWhatIsMissing_AndSaysSoOnce()
    {
        var contenders = new ScriptedContenders((_, _) => 1) { IsMissing = contender => contender.Precision == Precision.BFloat16 };
        var told = new List<string>();

        var result = new BenchmarkRunner(contenders, told.Add).Run(Options(groups: [ContenderGroup.Engine]) with { Depths = [20, 26] }, s_environment);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Notes, Is.EqualTo(new[] { "engine bfloat16 is left out: not on this machine" }));
            Assert.That(told, Does.Contain(result.Notes[0]));
            Assert.That(result.Networks.SelectMany(network => network.Rows).Select(row => row.Precision), Is.All.EqualTo(Precision.Float32));
        }
    }

    [Test]
    public void Run_LeavesOutACompilerThatDoesNotWork_AndNobodyElse()
    {
        ScriptedContenders Broken(ContenderKind kind) => new((_, _) => 1) { IsBroken = contender => contender.Kind == kind };
        var options = Options(groups: [ContenderGroup.Eager, ContenderGroup.Compile]);

        var result = Run(Broken(ContenderKind.PytorchCompiled), options);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Notes, Is.EqualTo(new[] { "torch.compile at depth 20 is left out: it could not start" }));
            Assert.That(result.Networks.Single().Rows.Select(row => row.Kind), Is.EqualTo(new[] { ContenderKind.Eager }));
            Assert.That(() => Run(Broken(ContenderKind.Eager), options), Throws.TypeOf<IOException>());
        }
    }

    // 74,810 in convolutions and classifier; then 5 scalars in each of 3 blocks and 2 outside, or 2 a channel of 7 normalized convolutions and 2 shortcuts.
    [TestCase("fixup", "fixup", 74_827)]
    [TestCase("batchnorm", "batchnorm", 75_386)]
    public void Run_MeasuresTheVariantThatWasAskedFor(string variant, string name, long parameterCount)
    {
        var contenders = new ScriptedContenders((_, _) => 1);

        var network = Run(contenders, Options() with { Depths = [8], Variant = variant }).Networks.Single();

        Assert.That(contenders.Turns.Select(contender => contender.Variant), Is.All.EqualTo(variant));
        Assert.That((network.Variant, network.ParameterCount), Is.EqualTo((name, parameterCount)));
    }

    [Test]
    public void Run_Refuses_WhenNothingCanRun()
    {
        var contenders = new ScriptedContenders((_, _) => 1) { IsMissing = _ => true };

        Assert.That(() => Run(contenders, Options()), Throws.TypeOf<NotSupportedException>().With.Message.Contains("not on this machine"));
    }

    [Test]
    public void Run_EndsEveryContender_WhenOneFails()
    {
        var contenders = new ScriptedContenders((contender, _) => contender.Kind == ContenderKind.Eager ? throw new IOException("gone") : 1);

        Assert.That(() => Run(contenders, Options()), Throws.TypeOf<IOException>());
        Assert.That(contenders.RunningCount, Is.Zero);
    }

    private static BenchmarkOptions Options(int rounds = 1, params ContenderGroup[] groups) =>
        new(BenchmarkModel.All[0], [20], [], BatchSize: 128, Threads: 2, rounds, SecondsPerRound: 1, groups.Length > 0 ? groups : Enum.GetValues<ContenderGroup>());

    private static BenchmarkResult Run(ScriptedContenders contenders, BenchmarkOptions options) =>
        new BenchmarkRunner(contenders, _ => { }).Run(options, s_environment);
}
