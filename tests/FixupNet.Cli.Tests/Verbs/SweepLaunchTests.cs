using FixupNet.Experiments.Launchers;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Tests.Verbs;

[Platform(Exclude = "Win", Reason = "the workers' paths are those of Linux")]
internal sealed class SweepLaunchTests : CliTests
{
    [Test]
    public void Print_ShowsTheScript_AndSubmitsNothing()
    {
        var result = Launch(Site("exit 1"), "print", "--time", "90", "--memory", "1GiB", "--cpus", "2", "--partition", "long");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.Zero, result.Error);
            Assert.That(result.Output, Does.StartWith("#!/bin/bash\n").And.Contain($"sweep worker '{SweepFolder}' --no-wait --threads 2"));
            Assert.That(result.Output, Does.Contain("#SBATCH --array=0-3\n").And.Contain("--time=0-01:30:00\n").And.Contain("--mem=1024M\n").And.Contain("--partition=long\n"));
            Assert.That(Directory.Exists(Path.Combine(SweepFolder, "launch")), "Slurm writes the workers' output there, and does not create it");
        }
    }

    [Test]
    public void Slurm_SubmitsAWorkerATrial()
    {
        var result = Launch(Site("echo 4711"), "slurm");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.Zero, result.Error);
            Assert.That(result.Output, Does.Contain("Submitted job 4711: 4 workers.").And.Contain("squeue --jobs=4711").And.Contain($"sweep status {SweepFolder} --watch"));
            Assert.That(File.Exists(Path.Combine(SweepFolder, "launch", "slurm.sh")));
        }
    }

    [Test]
    public void Slurm_SubmitsAsManyAsAsked_InArraysOfTheSizeAsked() =>
        Assert.That(Launch(Site("echo 4711"), "slurm", "--workers", "5", "--array-size", "2").Output,
            Does.Contain("4711: 2 workers.\nSubmitted job 4711: 2 workers.\nSubmitted job 4711: 1 workers."));

    [Test]
    public void Slurm_TakesTheFolderOfASweep()
    {
        Launch(Site("echo 1"), "print");

        Assert.That(Run(Site("echo 2"), "sweep", "run", SweepFolder, "--launcher", "slurm").Output, Does.Contain("Submitted job 2: 4 workers."));
    }

    [Test]
    public void Slurm_SubmitsNothing_WhenAllTrialsHaveEnded()
    {
        RunWith(new EndingProcess(TrialState.Completed, 0), "sweep", "run", At("sweep.json"), "--output", At("out"));

        var result = Launch(Site("echo 1"), "slurm");

        Assert.That((result.ExitCode, result.Output, result.Error.Contains("nothing to launch")), Is.EqualTo((0, "", true)));
    }

    [Test]
    public void Slurm_LetsAStoppedSweepGoOn()
    {
        Launch(Site("echo 1"), "print");
        Run("sweep", "stop", SweepFolder);
        var stopped = RunWith(new EndingProcess(TrialState.Completed, 0), "sweep", "worker", SweepFolder);

        Run(Site("echo 2"), "sweep", "run", SweepFolder, "--launcher", "slurm");
        var worker = new EndingProcess(TrialState.Completed, 0);
        var goingOn = RunWith(worker, "sweep", "worker", SweepFolder);

        Assert.That((goingOn.ExitCode, worker.StartedCount), Is.EqualTo((0, 4)), goingOn.Error);
        Assert.That((stopped.ExitCode, stopped.Error.Contains("the sweep is stopped")), Is.EqualTo((0, true)), "75 would make Slurm start the worker again and again");
    }

    [Test]
    public void Slurm_Gives69_WhereItIsMissing()
    {
        var result = Launch(new SlurmCommands(At("none"), At("none")), "slurm");

        Assert.That((result.ExitCode, result.Error.Contains("Slurm is not available here")), Is.EqualTo((69, true)), result.Error);
    }

    [Test]
    public void Slurm_Gives74_WithItsWords_WhereItRefuses()
    {
        var result = Launch(Site("echo 'sbatch: error: invalid account' >&2; exit 1"), "slurm");

        Assert.That((result.ExitCode, result.Error.Contains("sbatch: error: invalid account")), Is.EqualTo((74, true)), result.Error);
    }

    [Test]
    public void Kubernetes_WritesAndShowsTheJob()
    {
        var result = Launch(Site("exit 1"), "kubernetes", "--image", "fixupnet:1", "--volume-claim", "runs", "--workers", "2", "--namespace", "lab");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.Zero, result.Error);
            Assert.That(result.Output, Does.Contain("completionMode: Indexed").And.Contain("parallelism: 2\n").And.Contain($"mountPath: \"{At("out")}\""));
            Assert.That(File.ReadAllText(Path.Combine(SweepFolder, "launch", "kubernetes.yaml")), Is.EqualTo(result.Output));
        }
    }

    [TestCase("--launcher is \"slrum\"", "slrum")]
    [TestCase("--partition is \"a;id\"; must be a name", "slurm", "--partition", "a;id")]
    [TestCase("--gres is \"gpu 1\"; must be a resource", "slurm", "--gres", "gpu 1")]
    [TestCase("--time is \"5m\"; must be minutes", "print", "--time", "5m")]
    [TestCase("--time is 0-00:01:00; must be longer", "print", "--time", "1")]
    [TestCase("--memory is \"50%\"; must be a number with a unit", "print", "--memory", "50%")]
    [TestCase("--cpus is 5000; must be in 1..4096", "print", "--cpus", "5000")]
    [TestCase("--grace-seconds is 70000; must be in 1..65535", "print", "--grace-seconds", "70000")]
    [TestCase("--workers is \"0\"", "print", "--workers", "0")]
    [TestCase("--partition goes with --launcher slurm or print", "local", "--partition", "a")]
    [TestCase("--workers goes with --launcher slurm or print or kubernetes", "local", "--workers", "2")]
    [TestCase("--image goes with --launcher kubernetes", "slurm", "--image", "a")]
    [TestCase("--jobs goes with --launcher local", "slurm", "--jobs", "2")]
    [TestCase("--fail-fast goes with --launcher local", "print", "--fail-fast")]
    [TestCase("needs --image", "kubernetes", "--volume-claim", "runs")]
    [TestCase("needs --volume-claim", "kubernetes", "--image", "a")]
    public void Launcher_Gives64_BeforeAnythingIsWritten(string expected, string launcher, params string[] more)
    {
        var result = Launch(Site("echo 1"), launcher, more);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((result.ExitCode, result.Error.Contains(expected)), Is.EqualTo((64, true)), result.Error);
            Assert.That(Directory.Exists(At("out")), Is.False);
        }
    }

    [Test]
    public void Launcher_Gives64_WhenAPathMayNotGoIntoAScript()
    {
        var result = Run(Site("echo 1"), "sweep", "run", At("sweep.json"), "--output", At("my runs"), "--launcher", "slurm");

        Assert.That((result.ExitCode, result.Error.Contains("must be a full path of letters, digits")), Is.EqualTo((64, true)), result.Error);
    }

    private CliResult Launch(SlurmCommands site, string launcher, params string[] more) =>
        Run(site, ["sweep", "run", At("sweep.json"), "--output", At("out"), "--launcher", launcher, .. more]);

    private static CliResult Run(SlurmCommands site, params string[] args) => RunIn(host => host with { Slurm = site }, args);

    private SlurmCommands Site(string answer) => new(Command("sbatch", answer), Command("scontrol", "echo 'MaxArraySize = 1001'"));

    private string Command(string name, string text)
    {
        var file = Write(name, $"#!/bin/bash\n{text}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return file;
    }
}
