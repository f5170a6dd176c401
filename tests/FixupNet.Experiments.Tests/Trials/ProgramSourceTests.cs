using FixupNet.Experiments.Tests.Configuration;
using FixupNet.Experiments.Trials;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Tests.Trials;

internal sealed class ProgramSourceTests
{
    private TemporaryFolder _program = null!;
    private TemporaryFolder _runs = null!;

    [SetUp]
    public void CreateFolders() => (_program, _runs) = (new TemporaryFolder(), new TemporaryFolder());

    [TearDown]
    public void DeleteFolders()
    {
        _program.Dispose();
        _runs.Dispose();
    }

    [Test]
    public void Read_TakesWhatTheBuildWrote()
    {
        _program.Write("source.json", """{ "code": "c0de", "commit": "abc", "dirty": true }""");

        Assert.That(ProgramSource.Read(_program.Path), Is.EqualTo(new SourceRecord("c0de", "abc", true)));
    }

    [TestCase(null)]
    [TestCase("{ }")]
    [TestCase("{")]
    public void Read_TellsBuildsApartByTheirAssemblies_WhenTheSourcesAreUnknown(string? text)
    {
        if (text is not null) _program.Write("source.json", text);

        var source = ProgramSource.Read(_program.Path);

        Assert.That((source.Code, source.Commit, source.Dirty), Is.EqualTo((ProgramSource.Read(_runs.Path).Code, (string?)null, (bool?)null)));
        Assert.That(source.Code, Does.Match(@"\Aassemblies-[0-9a-f]{40}\z"));
    }

    [Test]
    public void Keep_KeepsTheChangesOnce()
    {
        _program.Write("source.patch", "changes");
        var changed = new SourceRecord("c0de", "abc", true);

        var first = ProgramSource.Keep(changed, _program.Path, _runs.Path, Path.Combine(_runs.Path, "trials", "a"));
        var second = ProgramSource.Keep(changed, _program.Path, _runs.Path, Path.Combine(_runs.Path, "trials", "b"));

        var file = Directory.GetFiles(_runs.Path).Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(File.ReadAllText(file), Is.EqualTo("changes"));
            Assert.That(Path.GetFileName(file), Is.EqualTo($"source-{first.DiffSha256![..12]}.patch"));
            Assert.That((first.Diff, second), Is.EqualTo(($"../../{Path.GetFileName(file)}", first)));
        }
    }

    [Test]
    public void Keep_KeepsOnlyTheDigestOfChangesThatAreTooLarge()
    {
        _program.Write("source.patch", new string('+', ProgramSource.MaxPatchBytes + 1));

        var source = ProgramSource.Keep(new SourceRecord("c0de", "abc", true), _program.Path, _runs.Path, _runs.Path);

        Assert.That((source.Diff, source.DiffSha256?.Length, Directory.GetFiles(_runs.Path).Length), Is.EqualTo((null as string, 64, 0)));
    }

    [Test]
    public void Keep_KeepsNothingOfACleanBuild()
    {
        _program.Write("source.patch", "");
        var clean = new SourceRecord("c0de", "abc", false);

        Assert.That(ProgramSource.Keep(clean, _program.Path, _runs.Path, _runs.Path), Is.EqualTo(clean));
    }
}
