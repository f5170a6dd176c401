namespace FixupNet.Cli.Tests;

internal sealed class HelpTests : CliTests
{
    private static readonly string[] Verbs =
    [
        "train", "sweep", "probe", "evaluate", "report", "compare", "export", "config", "models", "methods", "initializers", "datasets", "optimizers", "transforms", "schedules", "data", "checkpoint", "bench", "doctor", "completion",
    ];

    [Test]
    public void Help_ListsEveryVerb()
    {
        var result = Run("--help");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.Zero);
            foreach (var verb in Verbs) Assert.That(result.Output, Does.Match($@"(?m)^  {verb}\b"));
        }
    }

    [TestCaseSource(nameof(Verbs))]
    [TestCase("sweep plan")]
    [TestCase("sweep run")]
    [TestCase("sweep status")]
    [TestCase("sweep retry")]
    [TestCase("config validate")]
    [TestCase("config show")]
    [TestCase("config schema")]
    [TestCase("data list")]
    [TestCase("data fetch")]
    [TestCase("data verify")]
    [TestCase("checkpoint inspect")]
    [TestCase("checkpoint export")]
    [TestCase("checkpoint import")]
    public void Help_ShowsAnExample(string verb)
    {
        var result = Run([.. verb.Split(' '), "--help"]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.Zero);
            Assert.That(result.Output, Does.Match($@"Examples?:\r?\n  fixupnet {verb.Split(' ')[0]}\b"));
        }
    }

    [Test]
    public void Help_HidesWhatOnlyTheProgramItselfUses() => Assert.That(Run("train", "--help").Output, Does.Not.Contain("supervised"));

    [Test]
    public void Version_IsShown() => Assert.That(Run("--version"), Has.Property(nameof(CliResult.ExitCode)).Zero.And.Property(nameof(CliResult.Output)).Match(@"^\d+\.\d+"));
}
