using FixupNet.Experiments.Launchers;
using FixupNet.Experiments.Tests.Configuration;

namespace FixupNet.Experiments.Tests.Launchers;

[Platform(Exclude = "Win", Reason = "the commands of these tests are shell scripts")]
internal sealed class SlurmLauncherTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void Submit_WritesTheScriptAndSubmitsIt()
    {
        var submission = Submit(Site(1001), 8);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(submission.Jobs, Is.EqualTo(new[] { new SlurmJob(1, 8) }));
            Assert.That(submission.ScriptFile, Is.EqualTo(At("launch", "slurm.sh")));
            Assert.That(File.ReadAllText(submission.ScriptFile), Does.StartWith("#!/bin/bash\n").And.Contain($"#SBATCH --chdir={_folder.Path}\n"));
            Assert.That(Asked, Is.EqualTo(new[] { $"--parsable --array=0-7 {submission.ScriptFile}" }));
        }
    }

    [TestCase(4, null, new[] { 4, 4, 1 })]
    [TestCase(4, 3, new[] { 3, 3, 3 })]
    [TestCase(4, 100, new[] { 4, 4, 1 })]
    public void Submit_SplitsToTheSitesLimit(int siteLimit, int? arraySize, int[] expected) =>
        Assert.That(Submit(Site(siteLimit), 9, arraySize).Jobs.Select(job => job.Workers), Is.EqualTo(expected));

    [Test]
    public void Submit_GivesSlurmsWords_WhenItRefuses()
    {
        var site = Site(10, "echo 'sbatch: error: invalid partition specified: x' >&2; exit 1");

        Assert.That(() => Submit(site, 1), Throws.TypeOf<IOException>().With.Message.Contains("sbatch: error: invalid partition specified: x"));
    }

    [Test]
    public void Submit_TellsWhatItSubmitted_WhenALaterArrayIsRefused()
    {
        var site = Site(4, Counting + "((count < 2)) || { echo 'error: too many' >&2; exit 1; }; echo $count");

        Assert.That(() => Submit(site, 6), Throws.TypeOf<IOException>().With.Message.Contains("error: too many").And.Message.Contains("Submitted before that: 1 (4 workers)"));
    }

    [Test]
    public void Submit_ReadsTheJobsNumber_WhenThereAreSeveralClusters() =>
        Assert.That(Submit(Site(10, "echo '4711;east'"), 1).Jobs.Single().Id, Is.EqualTo(4711));

    [TestCase("echo welcome")]
    [TestCase("true")]
    public void Submit_RefusesAnAnswerThatIsNoJob(string answer) =>
        Assert.That(() => Submit(Site(10, answer), 1), Throws.TypeOf<IOException>().With.Message.Contains("no number of a job"));

    [Test]
    public void Submit_RefusesASiteWithoutArrays() =>
        Assert.That(() => Submit(Site(0), 1), Throws.TypeOf<NotSupportedException>().With.Message.Contains("MaxArraySize"));

    [Test]
    public void Submit_RefusesASiteThatTellsNoLimit() =>
        Assert.That(() => Submit(new SlurmCommands(Command("sbatch", "echo 1"), Command("scontrol", "echo Name = x")), 1), Throws.TypeOf<IOException>());

    [Test]
    public void Submit_SaysSo_WhereThereIsNoSlurm() =>
        Assert.That(() => Submit(new SlurmCommands(At("none"), At("none")), 1), Throws.TypeOf<NotSupportedException>().With.Message.Contains("Slurm is not available here"));

    private const string Counting = "count=$(($(cat count 2>/dev/null || echo 0) + 1)); echo $count >count; ";

    private string[] Asked => File.ReadAllLines(At("asked"));

    private SlurmSubmission Submit(SlurmCommands site, int workers, int? arraySize = null) =>
        new SlurmLauncher(site).Submit(new SlurmOptions(new LaunchOptions(workers)), new LaunchedSweep(_folder.Path, ["/shared/fixupnet-cli"]), arraySize);

    private SlurmCommands Site(int maxArraySize, string answer = $"{Counting}echo $count") =>
        new(Command("sbatch", $"cd {_folder.Path}; echo \"$@\" >>asked; {answer}"), Command("scontrol", $"echo 'MaxArrayTasks = 7'; echo 'MaxArraySize            = {maxArraySize}'"));

    private string Command(string name, string text)
    {
        File.WriteAllText(At(name), $"#!/bin/bash\n{text}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(At(name), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return At(name);
    }

    private string At(params string[] names) => Path.Combine([_folder.Path, .. names]);
}
