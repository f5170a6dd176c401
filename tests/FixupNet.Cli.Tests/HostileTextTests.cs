using System.Text.Json;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Tests;

/// <summary>What files and arguments hold is shown by a terminal, and never obeyed by it.</summary>
internal sealed class HostileTextTests : CliTests
{
    private const string Hostile = "\e]0;owned\a\e[2J\u009b31m\u202egnp.exe";

    private SweepDirectory SweepOf(Func<TrialSummary, TrialSummary>? change = null)
    {
        var sweep = new SweepDirectory(Directory.CreateDirectory(At("sweep")).FullName);
        var line = new PlanLine(0, $"depth=8{Hostile}", "0000-a-01234567", 1, new Dictionary<string, JsonElement> { ["model.variant"] = JsonSerializer.SerializeToElement(Hostile) });
        sweep.WritePlan([line]);
        var trial = sweep.Trial(line);
        Directory.CreateDirectory(trial.Root);
        trial.WriteStatus(new TrialStatus(TrialState.Diverged, 3, 1, DateTimeOffset.UnixEpoch, Hostile));
        var summary = new TrialSummary(TrialState.Diverged, 3, 1, 2, Divergence: new DivergenceRecord(3, Hostile, Hostile), GradientNorms: new GradientNormsSummary(Hostile, 1, Hostile, 1, 1));
        trial.WriteSummary(change is null ? summary : change(summary));
        return sweep;
    }

    [TestCase("sweep status {0}")]
    [TestCase("report {0}")]
    [TestCase("report {0}/trials/0000-a-01234567")]
    [TestCase("compare {0}:model.variant=x {0}")]
    public void Run_ShowsHostileRecords(string line)
    {
        var result = Run(string.Format(null, line, SweepOf().Root).Split(' '));

        Assert.That(result.Output + result.Error, Does.Not.Match(@"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]").And.Contain("gnp.exe").Or.Contain("model.variant"));
    }

    [TestCase("train {0}")]
    [TestCase("sweep run {0}")]
    [TestCase("evaluate {0}")]
    [TestCase("config validate {0}")]
    [TestCase("checkpoint inspect {0}")]
    [TestCase("report {0}")]
    [TestCase("export {0} --to csv")]
    [TestCase("train train.json {0}")]
    [TestCase("train train.json --device {0}")]
    [TestCase("data fetch {0}")]
    [TestCase("{0}")]
    public void Run_ShowsHostileArguments(string line)
    {
        var result = Run([.. line.Split(' ').Select(word => word.Replace("{0}", Hostile))]);

        Assert.That(result.ExitCode, Is.EqualTo(64).Or.EqualTo(66));
        Assert.That(result.Error, Does.Not.Match(@"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]").And.Contain("gnp.exe"));
    }

    [Test]
    public void Validate_ShowsHostileDocuments()
    {
        var file = Write($"a{Hostile.Replace("/", "")}.json", $$"""{ "name": "a", "{{JsonEncodedText.Encode(Hostile)}}": 1 }""");

        var result = Run("config", "validate", file);

        Assert.That(result.ExitCode, Is.EqualTo(78));
        Assert.That(result.Error, Does.Not.Match(@"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]").And.Contain("gnp.exe"));
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(1e300)]
    [TestCase(-1)]
    public void Run_ShowsADurationThatIsNone(double seconds)
    {
        var sweep = SweepOf(summary => summary with { ElapsedSeconds = seconds, Epochs = seconds });

        var codes = new[] { Run("sweep", "status", sweep.Root), Run("report", sweep.Root), Run("report", sweep.Trial(sweep.ReadPlan()[0]).Root) }.Select(run => run.ExitCode);

        Assert.That(codes, Is.All.Zero);
    }

    [TestCase("train {0}", 64)]
    [TestCase("config validate {0}", 64)]
    [TestCase("checkpoint inspect {0}", 64)]
    [TestCase("evaluate {0}", 64)]
    [TestCase("sweep run {0}", 64)]
    [TestCase("sweep status {0}", 66)]
    [TestCase("report {0}", 66)]
    [TestCase("export {0} --to csv", 66)]
    [TestCase("checkpoint verify {0}", 66)]
    [TestCase("train train.json --output {0}", 64)]
    [TestCase("sweep run sweep.json --output {0}", 64)]
    [TestCase("export . --to csv --output {0}", 64)]
    [TestCase("checkpoint export train.json --to {0}", 64)]
    [TestCase("checkpoint import train.json --weights {0} --output a", 64)]
    [TestCase("evaluate train.json --weights {0}", 64)]
    [TestCase("compare {0} {0}", 66)]
    public void Run_RefusesAnEmptyPath(string line, int exitCode)
    {
        var result = Run([.. line.Split(' ').Select(word => word.Replace("{0}", ""))]);

        Assert.That(result.ExitCode, Is.EqualTo(exitCode), result.Error);
        Assert.That(result.ErrorLines, Has.Length.EqualTo(1));
    }

    [Test]
    public void Train_ReadsADocumentNoFurtherThanADocumentGoes()
    {
        if (!File.Exists("/dev/zero")) Assert.Ignore("There is no endless file on this system.");

        var result = Run("train", "/dev/zero");

        Assert.That(result.ExitCode, Is.EqualTo(78));
        Assert.That(result.Error, Does.Contain("larger than 10 MB"));
    }
}
