using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FixupNet.Runs;

namespace FixupNet.Cli.Tests.Verbs;

internal sealed class TrainVerbTests : CliTests
{
    [Test]
    public void Train_LeavesEverythingARunHolds_AndItsWeightsCanBeUsed()
    {
        var run = new TrialDirectory(At("run"));

        var train = Run("train", At("train.json"), "--output", run.Root, "--device", "cpu", "--threads", "1", "--json");
        var evaluate = Run("evaluate", run.Root, "--json");
        var export = Run("checkpoint", "export", run.Root, "--to", At("w", "weights.safetensors"));
        var import = Run("checkpoint", "import", At("train.json"), "--weights", At("w", "weights.safetensors"), "--output", At("again.safetensors"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(train.ExitCode, Is.Zero, train.Error);
            Assert.That((string?)JsonNode.Parse(train.Output)!["state"], Is.EqualTo("completed"));
            Assert.That(new[] { run.ConfigFile, run.EnvironmentFile, run.MetricsFile, run.SummaryFile, run.TextLogFile, run.JsonLogFile }, Has.All.Exist);
            Assert.That((int)JsonNode.Parse(evaluate.Output)!["exampleCount"]!, Is.EqualTo(16), evaluate.Error);
            Assert.That((double)JsonNode.Parse(evaluate.Output)!["accuracy"]!, Is.EqualTo(run.ReadSummary()!.Test!["accuracy"]));
            Assert.That((export.ExitCode, import.ExitCode), Is.EqualTo((0, 0)), export.Error + import.Error);
            Assert.That(File.ReadAllBytes(At("again.safetensors")), Is.EqualTo(File.ReadAllBytes(At("w", "weights.safetensors"))));
        }
    }

    [Test]
    public void Train_WritesAReport_WhoseCommandRepeatsTheRunElsewhere()
    {
        var train = Run("train", At("train.json"), "--output", At("run"), "--threads", "1");
        var page = File.ReadAllText(At("run", "report", "index.html"));
        var words = Regex.Match(page, @"\./fixupnet (train \S+ --output \S+ --device cpu --threads 1)").Groups[1].Value.Split(' ');
        words[3] = At(words[3]);

        var again = Run(words);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((train.ExitCode, train.Error.Contains($"Report: {At("run", "report", "index.html")}")), Is.EqualTo((0, true)), train.Error);
            Assert.That(again.ExitCode, Is.Zero, again.Error);
            Assert.That(File.ReadAllText(At("repeated", "run", "config.json")), Is.EqualTo(File.ReadAllText(At("run", "config.json"))));
            Assert.That(new TrialDirectory(At("repeated", "run")).ReadSummary()!.Test, Is.EqualTo(new TrialDirectory(At("run")).ReadSummary()!.Test));
        }
    }

    [Test]
    public void Train_EndsWell_WhenItsReportCannotBeWritten()
    {
        Directory.CreateDirectory(At("run"));
        File.WriteAllText(At("run", "report"), "no folder");

        var result = Run("train", At("train.json"), "--output", At("run"));

        Assert.That((result.ExitCode, result.Error.Contains("The report was not written: ")), Is.EqualTo((0, true)), result.Error);
    }

    [Test]
    public void Report_ShowsARunThatGoesOn()
    {
        Run("train", At("train.json"), "--output", At("run"));
        File.Delete(At("run", "summary.json")); // as it is before the end

        var result = Run("report", At("run"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((result.ExitCode, result.Output.Contains("2 steps, 1 epochs")), Is.EqualTo((0, true)), result.Output + result.Error);
            Assert.That(result.Error, Does.Contain("Report: "));
        }
    }

    [TestCase("true", true)]
    [TestCase("false", false)]
    public void Train_WritesEventFiles_WhenTheyAreAskedFor(string tensorboard, bool expected)
    {
        var result = Run("train", At("train.json"), "--output", At("run"), $"record.tensorboard={tensorboard}", "--max-steps", "1");

        Assert.That(Directory.Exists(new TrialDirectory(At("run")).TensorBoardFolder), Is.EqualTo(expected), result.Error);
    }

    [TestCase("auto", 0, "")]
    [TestCase("never", 0, "")]
    [TestCase("must", 66, "holds no checkpoint to resume from, which --resume must asks for.")]
    [TestCase("maybe", 64, "--resume is \"maybe\"; must be one of auto, never, must")]
    public void Train_Resumes_AsAsked(string mode, int exitCode, string message)
    {
        var result = Run("train", At("train.json"), "--output", At("run"), "--resume", mode, "--max-steps", "1");

        Assert.That((result.ExitCode, result.Error.Contains(message)), Is.EqualTo((exitCode, true)), result.Error);
    }

    [Test]
    public void Train_CanBeContinued_AfterALimitOfSteps()
    {
        var run = new TrialDirectory(At("run"));

        var limited = Run("train", At("train.json"), "--output", run.Root, "--max-steps", "1");
        var continued = Run("train", At("train.json"), "--output", run.Root);
        var again = Run("train", At("train.json"), "--output", run.Root);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((limited.ExitCode, continued.ExitCode, again.ExitCode), Is.EqualTo((0, 0, 0)), limited.Error + continued.Error);
            Assert.That(limited.Output, Does.Contain("stopped, to be continued"));
            Assert.That(limited.Error, Does.Contain("Stopped at step 1").And.Contain("the same command without it continues"));
            Assert.That(continued.Output, Does.Contain("completed").And.Contain("2 steps"));
            Assert.That(again.Error, Does.Contain("holds the result of this run already").And.Contain("--resume never"));
        }
    }

    [Test]
    public void Train_Gives76_WhenAnotherWorkerHasTakenTheRunOver()
    {
        var result = Run("train", At("train.json"), "--output", At("run"), "--fence", At("train.json"));

        Assert.That((result.ExitCode, result.ErrorLines[^1]), Is.EqualTo(
            (76, $"fixupnet: {At("run")} was taken over by another worker, for this one had not been heard of; nothing more is written here.")));
    }

    [Test]
    public void CheckpointVerify_TellsWhichAreIntact()
    {
        var run = new TrialDirectory(At("run"));
        Run("train", At("train.json"), "--output", run.Root, "checkpoint.everySteps=1", "training.epochs=2");
        var intact = Run("checkpoint", "verify", run.Root);
        var file = Path.Combine(run.CheckpointFolder(4), "model.safetensors");
        File.WriteAllText(file, "no weights");

        var damaged = Run("checkpoint", "verify", run.Root, "--json");
        var one = Run("checkpoint", "verify", run.CheckpointFolder(3));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((intact.ExitCode, one.ExitCode, damaged.ExitCode), Is.EqualTo((0, 0, 65)), intact.Error + one.Error);
            Assert.That(intact.Output, Does.Contain("step-0000000004  intact, ").And.Contain("step-0000000003  intact, "));
            var verdicts = JsonNode.Parse(damaged.Output)!.AsArray();
            Assert.That(verdicts.Select(verdict => (bool)verdict!["isIntact"]!), Has.Exactly(1).False);
            Assert.That((string)verdicts[0]!["problem"]!, Does.StartWith(file));
            Assert.That(Directory.Exists(run.CheckpointFolder(4)), "it only looks");
        }
    }

    [TestCase("nowhere", "There is no folder")]
    [TestCase("", "holds no checkpoint.")]
    public void CheckpointVerify_Gives66_WhereThereIsNone(string folder, string message)
    {
        var result = Run("checkpoint", "verify", At(folder));

        Assert.That((result.ExitCode, result.Error.Contains(message)), Is.EqualTo((66, true)), result.Error);
    }

    [Test]
    public void Train_Gives10_WhenItDiverges()
    {
        var result = Run("train", At("train.json"), "--output", At("run"), "model.variant=plain", "optimizer.learningRate=100", "stop.lossAbove=3", "training.epochs=20");

        Assert.That((result.ExitCode, result.Output.Contains("diverged at step")), Is.EqualTo((10, true)), result.Error);
    }

    [Test]
    public void Train_TellsButWritesNothing_WhenDry()
    {
        var result = Run("train", At("train.json"), "model.depth=14", "--output", At("run"), "--dry-run");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.Zero);
            Assert.That(result.Output, Does.Contain("\"depth\":14").And.Contain("(new)"));
            Assert.That(Directory.Exists(At("run")), Is.False);
        }
    }

    [Test]
    public void Train_Gives65_WhenTheFolderHoldsAnotherRun()
    {
        Directory.CreateDirectory(At("run"));
        File.WriteAllText(At("run", "config.json"), "{}");

        Assert.That(Run("train", At("train.json"), "--output", At("run")).ExitCode, Is.EqualTo(65));
    }

    [Test]
    public void Import_Gives65AndNamesTheTensor_WhenWeightsAreOfAnotherNetwork()
    {
        Run("checkpoint", "export", At("train.json"), "--to", At("narrow.safetensors"));
        var wide = Write("wide.json", Train.Replace("\"width\": 2", "\"width\": 4"));

        var result = Run("checkpoint", "import", wide, "--weights", At("narrow.safetensors"), "--output", At("out.safetensors"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.EqualTo(65));
            Assert.That(result.Error, Does.Contain("conv1.weight"));
            Assert.That(File.Exists(At("out.safetensors")), Is.False);
        }
    }

    [Test]
    public void Probe_MeasuresEveryLayer()
    {
        var result = Run("probe", At("train.json"), "--json", "--device", "cpu");

        Assert.That(JsonNode.Parse(result.Output)!["layers"]!.AsArray(), Has.Count.EqualTo(8), result.Error); // depth 8
    }
}
