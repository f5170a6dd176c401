using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Runs.Tests.Json;

public sealed class RunJsonTests : TemporaryFolderTests
{
    [TestCase("", TestName = "ReadFile_Throws_WhenEmpty")]
    [TestCase("null", TestName = "ReadFile_Throws_WhenNull")]
    [TestCase("{", TestName = "ReadFile_Throws_WhenCut")]
    [TestCase("""{"step":1,"epoch":0,"updatedAt":"2026-01-01T00:00:00+00:00"}""", TestName = "ReadFile_Throws_WhenAKeyIsMissing")]
    [TestCase("""{"state":"asleep","step":1,"epoch":0,"updatedAt":"2026-01-01T00:00:00+00:00"}""", TestName = "ReadFile_Throws_WhenANameIsUnknown")]
    [TestCase("""{"state":3,"step":1,"epoch":0,"updatedAt":"2026-01-01T00:00:00+00:00"}""", TestName = "ReadFile_Throws_WhenANameIsANumber")]
    [TestCase("""{"state":"running","step":1,"step":2,"epoch":0,"updatedAt":"2026-01-01T00:00:00+00:00"}""", TestName = "ReadFile_Throws_WhenAKeyIsTwice")]
    public void ReadFile_Throws(string content)
    {
        File.WriteAllText(At("status.json"), content);

        Assert.That(() => RunJson.ReadFile<TrialStatus>(At("status.json")),
            Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith(At("status.json")));
    }

    [Test]
    public void ReadFile_Throws_WhenAListIsNull()
    {
        File.WriteAllText(At("a.json"), """{"layers":null}""");

        Assert.That(() => RunJson.ReadFile<GradientNormsHeader>(At("a.json")), Throws.InstanceOf<InvalidDataException>());
    }

    [Test]
    public void ReadFile_TakesKeysOfLaterVersions()
    {
        File.WriteAllText(At("a.json"), """{"layers":["conv1"],"unit":"L2"}""");

        Assert.That(RunJson.ReadFile<GradientNormsHeader>(At("a.json")).Layers, Is.EqualTo(new[] { "conv1" }));
    }

    [Test]
    public void ReadFile_ReadsWhileAnotherWrites()
    {
        File.WriteAllText(At("a.json"), """{"layers":["conv1"]}""");
        using var other = new FileStream(At("a.json"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);

        Assert.That(RunJson.ReadFile<GradientNormsHeader>(At("a.json")).Layers, Is.EqualTo(new[] { "conv1" }));
    }

    [TestCase(TrialState.Pending, "pending")]
    [TestCase(TrialState.Running, "running")]
    [TestCase(TrialState.Interrupted, "interrupted")]
    [TestCase(TrialState.Completed, "completed")]
    [TestCase(TrialState.Diverged, "diverged")]
    [TestCase(TrialState.Failed, "failed")]
    [TestCase(TrialState.Stopped, "stopped")]
    public void WriteFile_SpellsStatesAsTheContract(TrialState state, string expected)
    {
        RunJson.WriteFile(At("a.json"), new TrialStatus(state, 0, 0, DateTimeOffset.UnixEpoch));

        Assert.That(File.ReadAllText(At("a.json")), Does.Contain($"\"state\": \"{expected}\""));
    }

    [Test]
    public void ReadFile_Throws_WhenTheFileIsTooLarge()
    {
        using (var file = File.Create(At("a.json"))) file.SetLength(5L << 30); // sparse: larger than any array

        Assert.That(() => RunJson.ReadFile<GradientNormsHeader>(At("a.json")),
            Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith(At("a.json")).And.Message.Contains("larger than"));
    }

    [Test]
    public void ReadFile_Throws_WithoutRepeatingControlCharacters()
    {
        File.WriteAllText(At("a.json"), """{"layers":[],"\u001b[31m":'}""");

        Assert.That(() => RunJson.ReadFile<GradientNormsHeader>(At("a.json")),
            Throws.InstanceOf<InvalidDataException>().With.Message.Not.Contain("\u001b").And.Message.Contains("\\u001b[31m"));
    }
}
