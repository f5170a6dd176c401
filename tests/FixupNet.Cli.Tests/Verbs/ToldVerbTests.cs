using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Tests.Verbs;

/// <summary>What a document lacks is told before the first trial, once, by every command that is about to run it.</summary>
internal sealed class ToldVerbTests : CliTests
{
    private const string NoData = """
        { "name": "s", "base": { "dataset": { "name": "cifar10", "root": "ROOT" }, "model": { "depth": 8, "width": 2 } }, "grid": { "model.variant": ["fixup", "plain"] } }
        """;

    private const string NoWeights = """
        { "name": "s", "base": { "dataset": { "trainExamples": 128, "testExamples": 16 }, "model": { "depth": 8, "width": 2 }, "initialization": { "weights": "ROOT/w.safetensors" } },
          "grid": { "optimizer.learningRate": [0.1, 0.2] } }
        """;

    private string SweepFile(string text) => Write("s.json", text.Replace("ROOT", Folder.Replace('\\', '/')));

    [TestCase("config validate", NoData, "cifar10 is not there")]
    [TestCase("sweep plan", NoData, "cifar10 is not there")]
    [TestCase("sweep plan --no-estimate", NoData, "cifar10 is not there")]
    [TestCase("sweep run --output OUT", NoData, "cifar10 is not there")]
    [TestCase("config validate", NoWeights, "there is no such file")]
    [TestCase("sweep plan", NoWeights, "there is no such file")]
    [TestCase("sweep run --output OUT", NoWeights, "there is no such file")]
    public void Sweep_Gives66AndOneLine_WhenAnInputIsMissing(string command, string document, string message)
    {
        var words = command.Replace("OUT", At("out")).Split(' ');

        var result = Run([.. words[..2], SweepFile(document), .. words[2..]]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.EqualTo(66), result.Error);
            Assert.That(result.ErrorLines.Where(line => line.Contains(message)), Has.Exactly(1).Contains("In every trial."));
            Assert.That(Directory.Exists(At("out")), Is.False);
        }
    }

    // Its machine may lack what the one had that made the folder.
    [Test]
    public void Worker_Gives66BeforeItTakesATrial_WhenAnInputIsMissing()
    {
        Run("checkpoint", "export", At("train.json"), "--to", At("w.safetensors"));
        RunWith(new EndingProcess(TrialState.Completed, 0), "sweep", "run", SweepFile(NoWeights), "--output", At("out"), "--max-trials", "1");
        var sweep = new SweepDirectory(Directory.GetDirectories(At("out")).Single());
        File.Delete(At("w.safetensors"));

        var result = Run("sweep", "worker", sweep.Root);

        Assert.That((result.ExitCode, result.Error.Contains("there is no such file"), sweep.Claims.Exists(1, 1)), Is.EqualTo((66, true, false)), result.Error);
    }

    [TestCase("run", 78)]
    [TestCase("worker", 78)]
    public void Sweep_Gives78BeforeItTakesATrial_WhenNoTrialFitsIntoItsBudget(string verb, int expected)
    {
        RunWith(new EndingProcess(TrialState.Completed, 0), "sweep", "run", At("sweep.json"), "--output", At("out"), "--max-trials", "1");
        var sweep = new SweepDirectory(Directory.GetDirectories(At("out")).Single());
        File.WriteAllText(sweep.ResolvedSweepFile, File.ReadAllText(sweep.ResolvedSweepFile).Replace("\"memoryBudget\": null", "\"memoryBudget\": \"1MB\""));

        var result = Run("sweep", verb, sweep.Root);

        Assert.That((result.ExitCode, result.Error.Contains("training.memoryBudget is \"1MB\", 1 MB allowed; this network needs at least")), Is.EqualTo((expected, true)), result.Error);
    }

    [Test]
    public void Plan_ListsTheTrialsAllTheSame_WhenAnInputIsMissing() =>
        Assert.That(Run("sweep", "plan", SweepFile(NoData)).Output, Does.Contain("variant=plain-seed=1").And.Contain("2 trials"));

    [TestCase("train --dry-run")]
    [TestCase("train --dry-run --json")]
    public void DryRun_Gives66_WhenAnInputIsMissing(string command)
    {
        var words = command.Split(' ');

        var result = Run([words[0], At("train.json"), $"dataset={{\"name\":\"cifar10\",\"root\":\"{Folder}\"}}", .. words[1..]]);

        Assert.That((result.ExitCode, result.Output.Contains("cifar10"), result.ErrorLines.Length), Is.EqualTo((66, true, 1)), result.Error);
    }

    [Test]
    public void Train_TellsEveryMissingInputAtOnce()
    {
        var result = Run("train", At("train.json"), $"dataset={{\"name\":\"cifar10\",\"root\":\"{Folder}\"}}", "initialization.weights=no.safetensors", "--output", At("run"));

        Assert.That((result.ExitCode, result.ErrorLines.Length, Directory.Exists(At("run"))), Is.EqualTo((66, 2, false)), result.Error);
    }

    [Test]
    public void Validate_Gives65_WhenWeightsAreOfAnotherNetwork()
    {
        Run("checkpoint", "export", At("train.json"), "--to", At("w.safetensors"));

        var result = Run("config", "validate", SweepFile(NoWeights.Replace("\"depth\": 8", "\"depth\": 14")));

        Assert.That((result.ExitCode, result.Error.Contains("does not fit the network")), Is.EqualTo((65, true)), result.Error);
    }

    [TestCase("config validate")]
    [TestCase("sweep plan")]
    [TestCase("sweep run")]
    public void Sweep_Gives78_WhenTheWarmupIsAsLongAsTheRun(string command)
    {
        var file = SweepFile("""{ "name": "s", "base": { "schedule": { "name": "cosine", "warmupEpochs": 3 } }, "grid": { "training.epochs": [3, 5] } }""");

        var result = Run([.. command.Split(' '), file]);

        Assert.That((result.ExitCode, result.ErrorLines.Length, result.Error.Contains("schedule.warmupEpochs is 3; must be less than training.epochs, which is 3. In trial epochs=3-seed=1.")),
            Is.EqualTo((78, 1, true)), result.Error);
    }

    [Test]
    public void Validate_Warns_WhenABatchIsLargerThanTheData()
    {
        var result = Run("config", "validate", SweepFile("""{ "name": "s", "base": { "dataset": { "trainExamples": 100 } } }"""));

        Assert.That((result.ExitCode, result.Error.Contains("warning: training.batchSize is 128, more than the 100 training images")), Is.EqualTo((0, true)), result.Error);
    }

    [Test]
    public void Run_IsANoOp_WhenAllIsDoneAndTheDataAreGone()
    {
        RunSweep(new EndingProcess(Runs.Records.TrialState.Completed, 0), "initialization.weights=null");
        var weights = Write("w.safetensors", "gone soon");
        File.Delete(weights);

        Assert.That(Run("sweep", "run", SweepFolder).ExitCode, Is.Zero);
    }

    [Test]
    public void Train_NamesTheKeyThatDiffers_WhenTheFolderHoldsAnotherConfiguration()
    {
        Run("train", At("train.json"), "--output", At("run"), "--max-steps", "1");

        var result = Run("train", At("train.json"), "seed=2", "model.depth=14", "--output", At("run"));

        Assert.That((result.ExitCode, result.Error.Contains("seed is 1 there and 2 here, model.depth is 8 there and 14 here")), Is.EqualTo((65, true)), result.Error);
    }

    [Test]
    public void Show_FillsInTheDefaultsOfASweep() =>
        Assert.That(Run("config", "show", At("sweep.json")).Output, Does.Contain("\"momentum\": 0.9").And.Contain("\"epochs\": 1"));

    // Keys that a document's text leaves out at their defaults, as older documents had it, are shown all the same.
    [TestCase("train.json")]
    [TestCase("sweep.json")]
    public void Show_HasYoungerKeysToo(string document) =>
        Assert.That(Run("config", "show", At(document)).Output, Does.Contain("\"gradientTransforms\": null").And.Contain("\"labelSmoothing\": 0").And.Contain("\"cutout\": 0"));
}
