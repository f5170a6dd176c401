using FixupNet.Experiments.Sweeps;
using FixupNet.Experiments.Tests.Configuration;
using FixupNet.Runs;

namespace FixupNet.Experiments.Tests.Sweeps;

internal sealed class SweepFolderTests
{
    private const string Source = """{ "name": "s", "base": { "training": { "epochs": 2 } }, "grid": { "model.depth": [20, 56] } }""";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void Create_WritesSourcePlanAndConfigurations()
    {
        var plan = Plan(Source);

        var sweep = Create(plan);

        var lines = sweep.ReadPlan();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Path.GetFileName(sweep.Root), Is.EqualTo($"s-{plan.Hash6}"));
            Assert.That(File.ReadAllText(sweep.SweepFile), Is.EqualTo(Source));
            Assert.That(File.ReadAllText(sweep.ResolvedSweepFile), Is.EqualTo(plan.ResolvedJson));
            Assert.That(lines.Select(line => line.Directory), Is.EqualTo(plan.Trials.Select(trial => $"000{trial.Index}-{trial.ShortName}-{trial.Hash8}")));
            Assert.That(lines.Select(line => line.Overrides["model.depth"].GetInt32()), Is.EqualTo(new[] { 20, 56 }));
            Assert.That(lines.Select(line => File.ReadAllText(sweep.Trial(line).ConfigFile)), Is.EqualTo(plan.Trials.Select(trial => trial.ConfigJson)));
        }
    }

    [Test]
    public void Create_ChangesNothing_WhenTheSweepIsThere()
    {
        var sweep = Create(Plan(Source));
        var config = sweep.Trial(sweep.ReadPlan()[0]).ConfigFile;
        File.WriteAllText(config, "mine");

        Create(Plan(Source));

        Assert.That(File.ReadAllText(config), Is.EqualTo("mine"));
    }

    [Test]
    public void Create_StartsOver_WhenItWasCutOffBeforeThePlan()
    {
        var sweep = Create(Plan(Source));
        File.Delete(sweep.PlanFile);

        Create(Plan(Source));

        Assert.That(sweep.ReadPlan(), Has.Count.EqualTo(2));
    }

    [Test]
    public void Create_Refuses_WhenTheFolderHoldsOtherTrials()
    {
        var (plan, other) = (Plan(Source), Plan(Source.Replace("56", "110")));
        var sweep = Create(plan);

        Assert.That(() => SweepFolder.Create(sweep, other, default), Throws.TypeOf<InvalidDataException>().With.Message.Contains("other trials"));
    }

    private SweepPlan Plan(string source)
    {
        var file = Path.Combine(_folder.Path, "sweep.json");
        File.WriteAllText(file, source);
        return SweepPlan.Load(file, [], Some.Registries);
    }

    private SweepDirectory Create(SweepPlan plan)
    {
        var sweep = SweepFolder.Of(_folder.Path, plan);
        Directory.CreateDirectory(sweep.Root);
        SweepFolder.Create(sweep, plan, System.Text.Encoding.UTF8.GetBytes(Source));
        return sweep;
    }
}
