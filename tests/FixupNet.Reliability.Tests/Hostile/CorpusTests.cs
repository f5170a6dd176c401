namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>Inputs that once went wrong are read again by every test run.</summary>
internal sealed class CorpusTests : ReliabilityTest
{
    private static string Corpus => Path.Combine(AppContext.BaseDirectory, "Hostile", "Corpus");

    private IEnumerable<FuzzTarget> Targets => [.. RunFileTargets.All(At("scratch")), .. ReportTargets.All(At("sweep"))];

    [Test]
    public void Readers_ReadOrRefuse_WhatOnceFailed()
    {
        foreach (var target in Targets)
        {
            var run = new FuzzRun(target);
            foreach (var file in Files(target.Name)) run.Feed(File.ReadAllBytes(file));
            if (run.Count > 0) run.Check();
        }
    }

    [Test]
    public void Corpus_BelongsToReaders()
    {
        var names = Targets.Select(target => target.Name);

        Assert.That(Directory.EnumerateDirectories(Corpus).Select(Path.GetFileName), Is.SubsetOf(names));
    }

    private static IEnumerable<string> Files(string name) =>
        Directory.Exists(Path.Combine(Corpus, name)) ? Directory.EnumerateFiles(Path.Combine(Corpus, name)).Order(StringComparer.Ordinal) : [];
}
