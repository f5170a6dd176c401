using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Studies;
using FixupNet.Experiments.Tests.Trials;
using FixupNet.Experiments.Trials;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Tests.Studies;

/// <summary>What holds for every study of the registry, on networks with and without normalization.</summary>
internal sealed class StudyContractTests : TrialFixture
{
    private static readonly string[] s_methods = ["fixup", "batchnorm", "plain"];

    // Options that keep a study short.
    private static readonly Dictionary<string, string[]> s_short = new()
    {
        ["adversarial"] = ["images=20", "steps=3"],
        ["saliency"] = ["images=3", "steps=2", "points=2"],
        ["hessian"] = ["images=8", "iterations=3", "probes=2", "lanczosSteps=4"],
        ["pruning"] = ["images=20", "levels=2", "rate=0.5", "epochs=1"],
        ["distillation"] = ["epochs=1"],
        ["name-that-dataset"] = ["sizes=2", "epochs=1", "cross=true"],
        ["random-labels"] = ["shares=2", "epochs=1"],
        ["forgetting"] = ["runs=2", "removals=1", "randomDraws=1", "epochs=2"],
        ["example-order"] = ["orders=2", "initializations=2", "segments=2", "draws=2", "epochs=1", "images=50"],
        ["catastrophic-forgetting"] = ["tasks=2", "epochs=1", "fisherImages=3"],
    };

    private static IEnumerable<string> Studies => StudyRegistry.All.Where(study => !study.IsOfSweep).Select(study => study.Name);

    [Test]
    public void Run_GivesTheSameNumbersTwice([ValueSource(nameof(Studies))] string study, [ValueSource(nameof(s_methods))] string method)
    {
        var (first, second) = (Ask(study, method), Ask(study, method));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.Values.Where(value => !value.Name.StartsWith("time", StringComparison.Ordinal)), Is.EqualTo(second.Values.Where(value => !value.Name.StartsWith("time", StringComparison.Ordinal))));
            Assert.That(first.Values.Select(value => value.Value), Has.All.Matches<double>(double.IsFinite));
            Assert.That(first.Values.Where(value => value.Unit == "share").Select(value => value.Value), Has.All.InRange(0, 1));
            Assert.That(first.Values.Select(value => value.Name), Is.Unique);
            foreach (var (matrix, other) in (first.Matrices ?? []).Zip(second.Matrices ?? []))
            {
                Assert.That((matrix.Values.Count, matrix.Values.Select(row => row.Count).Distinct().Single()), Is.EqualTo((matrix.RowNames.Count, matrix.ColumnNames.Count)));
                Assert.That(matrix.Values, Is.EqualTo(other.Values));
            }
            foreach (var (pictures, other) in (first.Pictures ?? []).Zip(second.Pictures ?? []))
            {
                Assert.That(pictures.Pixels.SelectMany(row => row), Has.All.Matches<byte[]>(pixels => pixels.Length == pictures.Width * pictures.Height * (pixels.Length > pictures.Width * pictures.Height ? 3 : 1)));
                Assert.That(pictures.Pixels, Is.EqualTo(other.Pixels));
            }
            foreach (var (curve, other) in first.Curves.Zip(second.Curves))
            {
                Assert.That(curve.Xs, Is.Ordered.Ascending.And.EqualTo(other.Xs).And.Count.EqualTo(curve.Ys.Count));
                Assert.That(curve.Ys, Is.EqualTo(other.Ys));
            }
        }
    }

    // An attack of ε = 0 changes nothing, a larger one leaves no more images right, and steps find at least what one step finds.
    [Test]
    public void Adversarial_OrdersItsAttacks()
    {
        var nothing = Ask("adversarial", "batchnorm", "epsilon=0", "stepSize=0", "noiseDeviation=0");
        var strong = Ask("adversarial", "batchnorm", "epsilon=0.2", "stepSize=0.05", "steps=10");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(nothing.Values.Take(4).Select(value => value.Value).Append(Value(nothing, "accuracy under random corners")).Distinct().Count(), Is.EqualTo(1), "an attack without length");
            Assert.That(Value(nothing, "accuracy under PGD by batch statistics"), Is.EqualTo(Value(nothing, "clean accuracy by batch statistics")));
            Assert.That(Value(strong, "accuracy under random corners"), Is.GreaterThanOrEqualTo(Value(strong, "accuracy under PGD")));
            Assert.That(Ask("adversarial", "fixup").Values.Select(value => value.Name), Has.None.Contains("batch statistics"));
            Assert.That(Value(strong, "accuracy under PGD"), Is.LessThanOrEqualTo(Value(strong, "accuracy under FGSM")).And.LessThan(Value(strong, "clean accuracy")));
            Assert.That(strong.Curves[0].Ys, Is.Ordered.Descending);
        }
    }

    // What the verb "probe" measures of a configuration that was not trained.
    [Test]
    public void Probe_AsksHowATrainedNetworkBegan([ValueSource(nameof(s_methods))] string method)
    {
        var answer = Ask("probe", method, "updates=4");
        var probe = ProbeRunner.Run(Document($"model.variant={method}", "model.width=2", "training.epochs=1"), OnCpu);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Value(answer, "loss at the start"), Is.EqualTo(probe.Loss));
            Assert.That(answer.Curves.Single(curve => curve.Name == ProbeRecord.UpdateSizesCurve).Ys, Is.EqualTo(probe.UpdateSizes.Take(4)));
            Assert.That(answer.Curves.Single(curve => curve.Name == "gradient norm after 2 updates against depth").Ys, Is.EqualTo(probe.Layers.Select(layer => layer.GradientNorm)));
            Assert.That(answer.Curves.Single(curve => curve.X == "block").Ys, Is.EqualTo(probe.Blocks.Select(block => block.SecondMoment)));
        }
    }

    [Test]
    public void Probe_TellsWhereAValueWasNotFinite()
    {
        var document = Document("model.variant=plain", "model.depth=110", "training.batchSize=2", "optimizer.learningRate=1000");

        var answer = StudyRunner.Run(StudyChoice.Parse("probe", [], ProductRegistries.All), document, null, OnCpu);

        Assert.That(Value(answer, "updates until a value was not finite"), Is.InRange(1, 4).And.EqualTo(answer.Curves[0].Xs.Count));
    }

    [Test]
    public void Probe_IsAskedOfOtherTasksToo()
    {
        var document = TrainDocument.Parse("""{ "name": "words", "task": { "name": "translation", "trainExamples": 200, "testExamples": 20 }, "model": { "name": "transformer", "width": 16, "depth": 2 }, "optimizer": { "name": "adam" } }"""u8, "words.json", [], ProductRegistries.All);

        Assert.That(StudyRunner.Run(StudyChoice.Parse("probe", [], ProductRegistries.All), document, null, OnCpu).Curves[0].Ys, Has.Count.EqualTo(5).And.All.Positive);
    }

    // At initialization Fixup's classifier is 0, and H = [[A, C], [Cᵀ, 0]]: its eigenvalues have both signs from the start.
    [Test]
    public void Hessian_OfFixupAtItsStart_HasEigenvaluesOfBothSigns()
    {
        var record = Ask("hessian", "fixup", trained: false);

        Assert.That((Math.Sign(Value(record, "smallest eigenvalue seen")), Math.Sign(Value(record, "largest eigenvalue seen"))), Is.EqualTo((-1, 1)));
    }

    [Test]
    public void Hessian_HasTwoForms_WithBatchNormalization() => Assert.That(
        Value(Ask("hessian", "batchnorm", "batchStatistics=true"), "loss"), Is.Not.EqualTo(Value(Ask("hessian", "batchnorm"), "loss")));

    // Twenty images of a network that learned something: the attack must do more than chance, and its pictures show it.
    [Test]
    public void Saliency_AttacksMoveMapsFurtherThanChance()
    {
        var record = Ask("saliency", "batchnorm", "images=8", "steps=8", "points=0");
        var (kept, shift) = (record.Matrices![0].Values[0], record.Matrices[2].Values[0]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(kept[1], Is.LessThan(kept[0]), "top places that the top-k attack leaves, and a random one");
            Assert.That(shift[2], Is.GreaterThan(shift[0]), "how far the mass-centre attack moves the centre, and a random one");
            Assert.That(record.Pictures!.Single().ColumnNames, Is.EqualTo(new[] { "image", "image, top-k attack", "simple gradient", "top-k attack", "mass-centre attack" }));
            Assert.That(record.Pictures!.Single().Pixels[0].Select(pixels => pixels.Length), Is.EqualTo(new[] { 3072, 3072, 1024, 1024, 1024 }));
        }
    }

    [TestCase("epsilom=1", "epsilom")]
    [TestCase("steps=0", "steps")]
    public void Parse_RefusesOptions_ByName(string option, string key) =>
        Assert.That(Assert.Throws<ConfigException>(() => StudyChoice.Parse("adversarial", [option], ProductRegistries.All))!.Errors.Single().Path, Is.EqualTo(key));

    private static double Value(StudyRecord record, string name) => record.Values.Single(value => value.Name == name).Value;

    private StudyRecord Ask(string study, string method, params string[] options) => Ask(study, method, trained: true, options);

    private StudyRecord Ask(string study, string method, bool trained, params string[] options)
    {
        string[] all = [.. s_short.GetValueOrDefault(study, []).Where(option => !options.Any(given => given.Split('=')[0] == option.Split('=')[0])), .. options];
        var document = Document($"model.variant={method}", "model.width=2", "training.epochs=1");
        var run = At(method);
        if (trained && !run.IsEnded) Run(document, run);
        var weights = trained ? Directory.EnumerateFiles(run.CheckpointsFolder, "model.safetensors", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Last() : null;
        return StudyRunner.Run(StudyChoice.Parse(study, all, ProductRegistries.All), document, weights, OnCpu);
    }
}
