using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Runs.Tests;

public sealed class SweepJournalTests : TemporaryFolderTests
{
    private static readonly SweepEvent[] s_events =
    [
        new(DateTimeOffset.UnixEpoch, SweepEventKind.Claimed, 3, 1, "depth=20"),
        new(DateTimeOffset.UnixEpoch, SweepEventKind.Running, 3, 1, "depth=20"),
        new(DateTimeOffset.UnixEpoch, SweepEventKind.Ended, 3, 1, "depth=20", TrialState.Failed, 1.5, 66, "no data"),
    ];

    private string Journal => At("w.jsonl");

    [Test]
    public void Read_GivesWhatWasWritten()
    {
        Write();

        Assert.That(SweepJournal.Read(Journal), Is.EqualTo(s_events));
    }

    [Test]
    public void Lines_AreThoseOfTheContract()
    {
        Write();

        Assert.That(File.ReadAllLines(Journal)[^1], Is.EqualTo(
            """{"at":"1970-01-01T00:00:00+00:00","event":"ended","trial":3,"generation":1,"name":"depth=20","state":"failed","seconds":1.5,"exitCode":66,"reason":"no data"}"""));
    }

    [Test]
    public void Read_GivesNothing_WhenThereIsNoJournal() => Assert.That(SweepJournal.Read(Journal), Is.Empty);

    [Test]
    public void Read_KeepsTheIntactLines_WhereverTheFileWasCutOff()
    {
        Write();
        var whole = File.ReadAllBytes(Journal);
        long[] ends = [.. whole.Index().Where(item => item.Item == (byte)'\n').Select(item => item.Index)];

        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(Journal, whole[..length]);
            // A line counts without its line feed, too.
            Assert.That(SweepJournal.Read(Journal), Is.EqualTo(s_events.Take(ends.Count(end => end <= length))), $"{length} bytes");
        }
    }

    [TestCase("garbage")]
    [TestCase("{}")]
    [TestCase("""{"at":"1970-01-01T00:00:00+00:00","event":"unheard-of","trial":1,"generation":1,"name":"x"}""")]
    [TestCase("\0\0\0\0")]
    [TestCase("")]
    public void Read_SkipsDamagedLines(string line)
    {
        Write();
        var lines = File.ReadAllLines(Journal);
        File.WriteAllLines(Journal, [lines[0], line, .. lines[1..]]);

        Assert.That(SweepJournal.Read(Journal), Is.EqualTo(s_events));
    }

    [Test]
    public void Read_Ends_AtALineWithoutEnd()
    {
        Write();
        using (var stream = File.OpenWrite(Journal))
        {
            stream.Position = stream.Length;
            for (var megabyte = 0; megabyte < 65; megabyte++) stream.Write(new byte[1 << 20]);
        }

        Assert.That(SweepJournal.Read(Journal), Is.EqualTo(s_events));
    }

    private void Write()
    {
        using var writer = new JsonLinesWriter(Journal);
        foreach (var line in s_events) writer.Write(line);
    }
}
