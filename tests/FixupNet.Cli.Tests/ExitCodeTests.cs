using FixupNet.Runs;

namespace FixupNet.Cli.Tests;

internal sealed class ExitCodeTests : CliTests
{
    [TestCase("tran", "unknown command \"tran\" (did you mean \"train\"?)")]
    [TestCase("sweep stats", "unknown command \"stats\" (did you mean \"status\"?)")]
    [TestCase("train", "CONFIG is missing")]
    [TestCase("evaluate", "DIR|CONFIG is missing")]
    [TestCase("sweep run", "SWEEP|DIR is missing")]
    [TestCase("train x.json --treads 2", "unknown option \"--treads\" (did you mean \"--threads\"?)")]
    [TestCase("evaluate x.json --jsn", "unknown")]
    [TestCase("compare runs --jsn", "unknown option \"--jsn\" (did you mean \"--json\"?)")]
    [TestCase("study hessian runs --thread 2", "unknown option \"--thread\" (did you mean \"--threads\"?)")]
    [TestCase("models --jsn", "unknown option \"--jsn\" (did you mean \"--json\"?)")]
    [TestCase("models resnet-cifar", "unknown argument \"resnet-cifar\"")]
    [TestCase("train x.json --threads two", "--threads is \"two\"; must be a whole number from 1 on")]
    [TestCase("train x.json --threads 0", "--threads is \"0\"")]
    [TestCase("train x.json --max-steps -1", "--max-steps")]
    [TestCase("train x.json --device gpu", "--device is \"gpu\"; must be auto, cpu, cuda or cuda:N")]
    [TestCase("train x.json --output", "--output")]
    [TestCase("train x.json --output a --output b", "--output")]
    [TestCase("train x.json --output ", "--output is empty; must be a path")]
    [TestCase("train x.json depth", "\"depth\" is not key=value")]
    [TestCase("train x.json =1", "\"=1\" is not key=value")]
    [TestCase("train @x.json y", "\"y\" is not key=value")]
    [TestCase("sweep run x.json --jobs 0", "--jobs is \"0\"")]
    [TestCase("config schema trial", "trial")]
    [TestCase("checkpoint export x.json", "--to")]
    [TestCase("data fetch cifar1", "(did you mean \"cifar10\"?)")]
    public void Run_Gives64AndOneLine_WhenTheCommandLineIsWrong(string line, string message)
    {
        var result = Run(line.Split(' '));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.EqualTo(64));
            Assert.That(result.ErrorLines, Has.Length.EqualTo(1));
            Assert.That(result.Error, Does.StartWith("fixupnet: ").And.Contain(message));
            Assert.That(result.Output, Is.Empty);
        }
    }

    [TestCase("train {0}")]
    [TestCase("config show {0}")]
    [TestCase("checkpoint inspect {0}")]
    public void Run_Gives64_WhenAFolderIsGivenForAFile(string line) =>
        Assert.That(Run(string.Format(null, line, Folder).Split(' ')), Has.Property(nameof(CliResult.ExitCode)).EqualTo(64));

    [TestCase("train")]
    [TestCase("probe")]
    [TestCase("evaluate")]
    public void Run_Gives64AndSaysWhatToDo_WhenASweepIsGivenForATraining(string verb)
    {
        var result = Run(verb, At("sweep.json"));

        Assert.That((result.ExitCode, result.Error.Contains("fixupnet sweep run")), Is.EqualTo((64, true)), result.Error);
    }

    [TestCase("train {0}/none.json")]
    [TestCase("probe {0}/none.json")]
    [TestCase("evaluate {0}/none")]
    [TestCase("evaluate {0}")]
    [TestCase("evaluate {0}/train.json --weights {0}/none.safetensors")]
    [TestCase("report {0}/none")]
    [TestCase("report {0}")]
    [TestCase("sweep run {0}")]
    [TestCase("sweep plan {0}/none.json")]
    [TestCase("sweep status {0}")]
    [TestCase("sweep retry {0}/none")]
    [TestCase("config validate {0}/none.json")]
    [TestCase("config show {0}/none.json")]
    [TestCase("checkpoint inspect {0}/none.safetensors")]
    [TestCase("checkpoint export {0}/none.json --to {0}/w.safetensors")]
    [TestCase("train {0}/train.json dataset={{\"name\":\"cifar10\",\"root\":\"{0}\"}} --output {0}/run")]
    [TestCase("data verify cifar10 --root {0}")]
    public void Run_Gives66_WhenAnInputIsMissing(string line)
    {
        var result = Run(string.Format(null, line, Folder).Split(' '));

        Assert.That(result.ExitCode, Is.EqualTo(66), result.Error);
    }

    [Test]
    public void Train_Gives78_AndSaysHowMuchIsNeeded_WhenTheMemoryBudgetIsTooSmall()
    {
        var result = Run("train", At("train.json"), "training.memoryBudget=1MB", "--output", At("run"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.EqualTo(78));
            Assert.That(result.Error, Does.Match(@"training\.memoryBudget is ""1MB"", 1 MB allowed; this network needs at least \d+ MB"));
        }
    }

    [Test]
    public void Run_Gives78AndEveryError_WhenTheConfigurationIsInvalid()
    {
        var file = Write("bad.json", """
            { "name": "bad", "model": { "name": "resnet-cifar", "depth": 9 }, "training": { "epoch": 1 } }
            """);

        var result = Run("train", file, "seed=-1");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.EqualTo(78));
            Assert.That(result.Error, Does.Contain("model.depth").And.Contain("did you mean \"epochs\"").And.Contain("seed"));
            Assert.That(result.Error, Does.Contain($"{file}:1"));
        }
    }

    [Test]
    public void Run_Gives65_WhenWeightsAreDamaged()
    {
        var file = Write("broken.safetensors", "no tensors");

        var result = Run("checkpoint", "inspect", file);

        Assert.That((result.ExitCode, result.ErrorLines.Length), Is.EqualTo((65, 1)));
    }

    [Test]
    public void Run_Gives65_WhenADatasetIsDamaged()
    {
        Directory.CreateDirectory(At("cifar-10-batches-bin"));
        foreach (var name in (string[])["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"])
            File.WriteAllText(At("cifar-10-batches-bin", name + ".bin"), "short");

        Assert.That(Run("data", "verify", "cifar10", "--root", Folder).ExitCode, Is.EqualTo(65));
    }

    [Test]
    public void Run_Gives73_WhenTheOutputCannotBeCreated()
    {
        var result = Run("train", At("train.json"), "--output", At("train.json", "run"));

        Assert.That(result.ExitCode, Is.EqualTo(73), result.Error);
    }

    [Test]
    public void Run_Gives76_WhenAnotherProcessWorksInTheFolder()
    {
        Directory.CreateDirectory(At("run"));
        using var other = RunDirectoryLock.Acquire(At("run"));

        var result = Run("train", At("train.json"), "--output", At("run"));

        Assert.That((result.ExitCode, result.Error.Contains("in use")), Is.EqualTo((76, true)));
    }

    [TestCase("")]
    [TestCase("sweep")]
    [TestCase("config")]
    [TestCase("checkpoint")]
    public void Run_Gives64AndTheHelp_WhenOnlyPartOfACommandIsGiven(string line)
    {
        var result = Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.That((result.ExitCode, result.Output.Contains("Commands:")), Is.EqualTo((64, true)));
    }
}
