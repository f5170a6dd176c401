using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Sweeps;
using FixupNet.Experiments.Tests.Sweeps;
using FixupNet.Training.Data;

namespace FixupNet.Experiments.Tests.Configuration;

internal sealed class DocumentPathsTests : SweepFixture
{
    private string Weights => Path.Combine(Folder.Path, "sub", "w.safetensors");

    [Test]
    public void Load_TakesAPathToMeanTheDocumentsFolder()
    {
        var file = Folder.Write("sub/train.json", """{ "name": "a", "dataset": { "name": "cifar10", "root": "../data" }, "initialization": { "weights": "w.safetensors" } }""");

        var config = TrainDocument.Load(file, [], ProductRegistries.All).Config;

        var root = ((FileDatasetOptions)config.Dataset.Options).Root;
        Assert.That((root, config.Initialization.Weights), Is.EqualTo((Path.Combine(Folder.Path, "data"), Weights)));
    }

    [Test]
    public void Load_TakesAPathOfTheCommandLineToMeanTheCurrentFolder()
    {
        var file = Folder.Write("sub/train.json", """{ "name": "a" }""");

        var document = TrainDocument.Load(file, ["initialization.weights=w.safetensors", """dataset={"name":"mnist","root":"d"}"""], ProductRegistries.All);

        var root = ((FileDatasetOptions)document.Config.Dataset.Options).Root;
        Assert.That((document.Config.Initialization.Weights, root), Is.EqualTo((Path.GetFullPath("w.safetensors"), Path.GetFullPath("d"))));
    }

    [Test]
    public void Load_LeavesFullPathsAsTheyAre_SoThatOldRunsAreRecognized()
    {
        var file = Folder.Write("train.json", """{ "name": "a", "initialization": { "weights": "/data/./w.safetensors" } }""");

        Assert.That(TrainDocument.Load(file, [], ProductRegistries.All).Config.Initialization.Weights, Is.EqualTo("/data/./w.safetensors"));
    }

    [Test]
    public void Parse_TakesADocumentFromAPipeToMeanTheCurrentFolder() => Assert.That(
        TrainDocument.Parse("""{ "name": "a", "initialization": { "weights": "w" } }"""u8, "/dev/fd/63", [], ProductRegistries.All).Config.Initialization.Weights,
        Is.EqualTo(Path.GetFullPath("w")));

    [Test]
    public void Sweep_TakesThePathsOfItsBaseToMeanTheBasesFolder()
    {
        Folder.Write("sub/base.json", """{ "name": "a", "initialization": { "weights": "w.safetensors" } }""");
        var file = Folder.Write("s.json", """{ "name": "s", "base": "sub/base.json" }""");

        Assert.That(SweepPlan.Load(file, [], ProductRegistries.All).Trials[0].Config.Initialization.Weights, Is.EqualTo(Weights));
    }

    [Test]
    public void Sweep_CompletesGridExclusionAndResolvedDocument()
    {
        var file = Folder.Write("sub/s.json", """
            { "name": "s", "base": {}, "grid": { "initialization.weights": ["w.safetensors", "v.safetensors", null] },
              "exclude": [ { "initialization.weights": "v.safetensors" } ] }
            """);

        var plan = SweepPlan.Load(file, [], ProductRegistries.All);
        var elsewhere = SweepPlan.Load(Folder.Write("runs/sweep.resolved.json", plan.ResolvedJson), [], ProductRegistries.All);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(plan.Trials.Select(trial => trial.Config.Initialization.Weights), Is.EqualTo(new[] { Weights, null }));
            Assert.That(plan.Trials[0].ShortName, Is.EqualTo("weights=w.safetensors-seed=1"));
            Assert.That(elsewhere.Hash6, Is.EqualTo(plan.Hash6));
        }
    }

    [Test]
    public void Sweep_TakesThePathsOfTheCommandLineToMeanTheCurrentFolder()
    {
        var file = Folder.Write("sub/s.json", """{ "name": "s", "base": {} }""");

        var plan = SweepPlan.Load(file, ["initialization.weights=a,b"], ProductRegistries.All);

        Assert.That(plan.Trials.Select(trial => trial.Config.Initialization.Weights), Is.EqualTo(new[] { Path.GetFullPath("a"), Path.GetFullPath("b") }));
    }
}
