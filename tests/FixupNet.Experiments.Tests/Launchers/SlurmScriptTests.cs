using FixupNet.Experiments.Launchers;

namespace FixupNet.Experiments.Tests.Launchers;

internal sealed class SlurmScriptTests
{
    private static readonly TestCaseData[] WrongOptions =
    [
        new(Some.Slurm with { Common = new LaunchOptions(0) }, "Workers is 0"),
        new(Some.Slurm with { Common = new LaunchOptions(100_001) }, "Workers is 100001"),
        new(Some.Slurm with { Common = new LaunchOptions(1, Cpus: 0) }, "Cpus is 0"),
        new(Some.Slurm with { Common = new LaunchOptions(1, MemoryMebibytes: 0) }, "MemoryMebibytes is 0"),
        new(Some.Slurm with { Common = new LaunchOptions(1, GraceSeconds: 65_536) }, "GraceSeconds is 65536"),
        new(Some.Slurm with { Common = new LaunchOptions(1, Restarts: -1) }, "Restarts is -1"),
        new(Some.Slurm with { TimeLimit = TimeSpan.FromSeconds(59) }, "from a minute"),
        new(Some.Slurm with { TimeLimit = TimeSpan.FromSeconds(120) }, "longer than the 120 s"),
    ];

    [Test]
    public void Of_AsksForNothing_UnlessTold()
    {
        var script = Script(Some.Slurm);

        Assert.That(Directives(script), Is.EqualTo(new[]
        {
            "--job-name=tiny-1a2b3c", "--array=0-7", "--chdir=/shared/runs/tiny-1a2b3c", "--output=launch/%A-%a.log", "--open-mode=append", "--requeue",
            "--signal=B:USR1@120", "--ntasks=1", "--cpus-per-task=1",
        }));
    }

    [Test]
    public void Of_AsksForWhatItIsTold()
    {
        var common = new LaunchOptions(8, Cpus: 4, MemoryMebibytes: 2048, GraceSeconds: 300);
        var options = new SlurmOptions(common, new TimeSpan(1, 2, 3, 4), "long,short", "physics", "high", "gpu:1");

        var script = Script(options);

        Assert.That(Directives(script).Skip(6), Is.EqualTo(new[]
        {
            "--signal=B:USR1@300", "--ntasks=1", "--cpus-per-task=4", "--mem=2048M", "--time=1-02:03:04", "--partition=long,short", "--account=physics",
            "--qos=high", "--gres=gpu:1",
        }));
        Assert.That(script, Does.Contain("'/shared/fixupnet-cli' sweep worker '/shared/runs/tiny-1a2b3c' --no-wait --threads 4 --supervised <"));
    }

    [Test]
    public void Of_TellsHowToSubmitSeveralArrays()
    {
        var script = SlurmScript.Of(Some.Slurm, Some.Sweep, SlurmArray.Split(12, 8));

        Assert.That(script, Does.Contain("sbatch --array=0-7 FILE; sbatch --array=0-3 FILE").And.Contain("#SBATCH --array=0-7\n"));
    }

    [Test]
    public void Of_HasUnixLines() => Assert.That(Script(Some.Slurm), Does.Not.Contain("\r").And.EndsWith("\n"));

    [TestCaseSource(nameof(WrongOptions))]
    public void Of_RefusesWrongOptions(SlurmOptions options, string expected) =>
        Assert.That(() => Script(options), Throws.ArgumentException.With.Message.Contains(expected));

    [TestCaseSource(typeof(Some), nameof(Some.HostileTexts))]
    public void Of_RefusesHostileTexts(string text)
    {
        SlurmOptions[] options =
            [Some.Slurm with { Partition = text }, Some.Slurm with { Account = text }, Some.Slurm with { Qos = text }, Some.Slurm with { Gres = text }];
        LaunchedSweep[] sweeps =
            [Some.Sweep with { Folder = text }, Some.Sweep with { Folder = "/a" + text + " " }, Some.Sweep with { Program = [text] }];

        using (Assert.EnterMultipleScope())
        {
            foreach (var option in options) Assert.That(() => Script(option), Throws.ArgumentException);
            foreach (var sweep in sweeps) Assert.That(() => SlurmScript.Of(Some.Slurm, sweep, [new SlurmArray(1)]), Throws.ArgumentException);
        }
    }

    private static string Script(SlurmOptions options) => SlurmScript.Of(options, Some.Sweep, [new SlurmArray(8)]);

    private static IEnumerable<string> Directives(string script) =>
        script.Split('\n').Where(line => line.StartsWith("#SBATCH ", StringComparison.Ordinal)).Select(line => line["#SBATCH ".Length..]);
}
