using System.Text;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Sweeps;
using FixupNet.Experiments.Tests.Configuration;
using FixupNet.Experiments.Trials;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Tests.Checks;

/// <summary>What a valid document needs to start.</summary>
internal sealed class StartCheckTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    private static TrainDocument Parse(string json) => TrainDocument.Parse(Encoding.UTF8.GetBytes(json), "a.json", [], ProductRegistries.All);

    private SweepPlan Plan(string json) => SweepPlan.Load(_folder.Write("s.json", json), [], ProductRegistries.All);

    private string InFolder(string name) => Path.Combine(_folder.Path, name);

    private const string Tiny = """ "model": { "depth": 8, "width": 2 }, "dataset": { "trainExamples": 128 } """;

    [Test]
    public void Find_TellsMissingFilesOfTheDataset()
    {
        var problem = Parse($$"""{ "name": "a", "dataset": { "name": "cifar10", "root": "{{_folder.Path}}" } }""").Start.Find().Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((problem.File, problem.Line, problem.Path, problem.Kind), Is.EqualTo(("a.json", 1, "dataset", ProblemKind.Missing)));
            Assert.That(problem.Message, Does.StartWith("cannot be loaded: cifar10 is not there").And.Contain("fixupnet data fetch cifar10"));
        }
    }

    [Test]
    public void Find_TellsFilesOfAnotherLength()
    {
        Directory.CreateDirectory(InFolder("cifar-10-batches-bin"));
        foreach (var name in (string[])["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"])
            File.WriteAllText(Path.Combine(InFolder("cifar-10-batches-bin"), $"{name}.bin"), "short");

        var problem = Parse($$"""{ "name": "a", "dataset": { "name": "cifar10", "root": "{{_folder.Path}}" } }""").Start.Find().Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((problem.Path, problem.Kind), Is.EqualTo(("dataset", ProblemKind.Mismatching)));
            Assert.That(problem.Message, Does.Contain("found 5 bytes; expected 30730000 bytes"));
            Assert.That(File.Exists(Path.Combine(InFolder("cifar-10-batches-bin"), "data_batch_1.bin")), "looking changes nothing");
        }
    }

    [Test]
    public void Find_TellsMissingWeights()
    {
        var file = InFolder("w.safetensors");

        var problem = Parse($$"""{ "name": "a", {{Tiny}}, "initialization": { "weights": "{{file}}" } }""").Start.Find().Single();

        Assert.That((problem.Path, problem.Kind, problem.Message), Is.EqualTo(("initialization.weights", ProblemKind.Missing, $"is \"{file}\"; there is no such file.")));
    }

    [Test]
    public void Find_TellsWeightsOfAnotherNetwork_AndIsSilentOnThoseThatFit()
    {
        var file = InFolder("w.safetensors");
        WeightFiles.WriteInitial(Parse($$"""{ "name": "a", {{Tiny}} }"""), file);
        var document = $$"""{ "name": "a", "dataset": { "trainExamples": 128 }, "model": { "depth": 8, "width": WIDTH }, "initialization": { "weights": "{{file}}" } }""";

        var other = Parse(document.Replace("WIDTH", "4")).Start.Find().Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Parse(document.Replace("WIDTH", "2")).Start.Find(), Is.Empty);
            Assert.That((other.Path, other.Kind), Is.EqualTo(("initialization.weights", ProblemKind.Mismatching)));
            Assert.That(other.Message, Does.StartWith("does not fit the network: ").And.Contain("has shape [2,3,3,3]; this network needs [4,3,3,3]"));
        }
    }

    [TestCase("rezero", "fixup", "is \"fixup\", with which the last layer of a branch begins with 0, as the method's multiplier of layer1.0 does: neither would ever learn. Use \"he-fan-out\", the method's own.")]
    [TestCase("skipinit", "zero-last-layer", "is \"zero-last-layer\", with which the last layer of a branch begins with 0, as the method's multiplier of layer1.0 does: neither would ever learn. Use \"he-fan-out\", the method's own.")]
    [TestCase("normfree", "metainit", "is \"metainit\", which has no meaning for this method: it standardizes its weights before it uses them. Use \"normfree\", the method's own.")]
    public void Find_TellsInitializationsThatDoNotSuitTheMethod(string method, string scheme, string expected)
    {
        var problem = Parse($$"""{ "name": "a", "model": { "variant": "{{method}}", "depth": 1202 }, "initialization": { "name": "{{scheme}}" } }""").Start.Find("cpu").Single();

        Assert.That((problem.Path, problem.Kind, problem.Message), Is.EqualTo(("initialization.name", ProblemKind.Invalid, expected)));
    }

    [TestCase("rezero", "lsuv")]
    [TestCase("fixup", "fixup")]
    [TestCase("batchnorm", "fixup")]
    [TestCase("normfree", "orthogonal")]
    public void Find_IsSilentOnInitializationsThatCanLearn(string method, string scheme) => Assert.That(
        Parse($$"""{ "name": "a", "model": { "variant": "{{method}}" }, "initialization": { "name": "{{scheme}}" } }""").Start.Find("cpu"), Is.Empty);

    [Test]
    public void Find_TellsWeightsThatWouldReplaceWhatASchemeComputes() => Assert.That(
        Parse("""{ "name": "a", "initialization": { "name": "lsuv", "weights": "/nowhere" } }""").Start.Find("cpu").Select(problem => problem.Path),
        Is.EqualTo(new[] { "initialization.weights", "initialization.weights" }));

    [Test]
    public void Find_TellsAnEngineThatThisMachineLacks()
    {
        var problem = Parse("""{ "name": "a", "training": { "engine": "cuda-graph" } }""").Start.Find("cpu").Single();

        Assert.That((problem.Path, problem.Kind), Is.EqualTo(("training.engine", ProblemKind.Unavailable)));
    }

    [Test]
    public void Find_TellsATrialsProblemOnce_WithTheTrialsConcerned()
    {
        var plan = Plan($$"""
            { "name": "s", "base": { {{Tiny}} },
              "grid": { "initialization.weights": [null, "{{InFolder("w.safetensors")}}"], "optimizer.learningRate": [0.1, 0.2] }, "seeds": [1, 2] }
            """);

        var problem = plan.Start.Find().Single();

        Assert.That(problem.Message, Does.Match("there is no such file. In trial weights=.*-seed=1 and 3 more.$"));
    }

    [Test]
    public void Find_AsksForNoWeights_WhenARunContinues()
    {
        var document = Parse($$"""{ "name": "a", {{Tiny}}, "initialization": { "weights": "{{InFolder("w.safetensors")}}" } }""");

        Assert.That((document.Start.Find("cpu", _ => TrainingProgress.Begun).Count, document.Start.Find("cpu", _ => TrainingProgress.New).Count), Is.EqualTo((0, 1)));
    }

    [Test]
    public void Problems_ConcernTrialsThatHaveNotEnded()
    {
        var plan = Plan($$"""{ "name": "s", "base": { "dataset": { "name": "cifar10", "root": "{{_folder.Path}}" } }, "seeds": [1, 2] }""");
        var sweep = SweepFolder.Of(_folder.Path, plan);
        Directory.CreateDirectory(sweep.Root);
        SweepFolder.Create(sweep, plan, File.ReadAllBytes(InFolder("s.json")));
        var trials = sweep.ReadPlan().Select(sweep.Trial).ToList();

        trials[0].WriteSummary(new TrialSummary(TrialState.Completed, 3, 1, 0.5));
        var one = SweepStart.Problems(sweep, plan);
        trials[1].WriteSummary(new TrialSummary(TrialState.Completed, 3, 1, 0.5));
        var none = SweepStart.Problems(sweep, ProductRegistries.All);

        Assert.That((one.Count, none.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Problems_AreFoundFromTheFolderAlone()
    {
        var plan = Plan($$"""{ "name": "s", "base": { "dataset": { "name": "cifar10", "root": "{{_folder.Path}}" } }, "grid": { "model.depth": [20, 56] }, "exclude": [{ "model.depth": 56 }] }""");
        var sweep = SweepFolder.Of(_folder.Path, plan);
        Directory.CreateDirectory(sweep.Root);
        SweepFolder.Create(sweep, plan, File.ReadAllBytes(InFolder("s.json")));

        Assert.That(SweepStart.Problems(sweep, ProductRegistries.All).Single().Kind, Is.EqualTo(ProblemKind.Missing));
    }
}
