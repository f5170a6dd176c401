using FixupNet.Experiments.Configuration;

namespace FixupNet.Experiments.Tests.Configuration;

internal sealed class MemoryBudgetTests
{
    [TestCase("1B", 1)]
    [TestCase("2kB", 2000)]
    [TestCase("2KB", 2000)]
    [TestCase("1500MB", 1_500_000_000)]
    [TestCase("4GB", 4_000_000_000)]
    [TestCase("1.5GiB", 3L << 29)]
    [TestCase("3MiB", 3 << 20)]
    [TestCase("0.25TiB", 1L << 38)]
    [TestCase("9223372TB", 9_223_372_000_000_000_000)]
    public void Parse_ReadsBytes(string text, long bytes) => Assert.That(MemoryBudget.Parse(text), Is.EqualTo(new MemoryBudget(bytes, null)));

    [TestCase("80%", 0.8)]
    [TestCase("100%", 1.0)]
    [TestCase("12.5%", 0.125)]
    public void Parse_ReadsShares(string text, double share) => Assert.That(MemoryBudget.Parse(text), Is.EqualTo(new MemoryBudget(null, share)));

    [TestCase("")]
    [TestCase("4")]
    [TestCase("GB")]
    [TestCase("4 GB")]
    [TestCase("-4GB")]
    [TestCase("4gb")]
    [TestCase("1e3MB")]
    [TestCase("4GB\n")]
    [TestCase("0%")]
    [TestCase("0.000GB")]
    [TestCase("100.1%")]
    [TestCase("0.1B")]
    [TestCase("999999999999TB")]
    public void Parse_Throws_WhenTheTextIsNoBudget(string text) => Assert.That(() => MemoryBudget.Parse(text), Throws.TypeOf<FormatException>());

    [TestCase("4gb", "must be a number with a unit, such as \"4GB\"")]
    [TestCase("101%", "must be at most 100%")]
    [TestCase("0GB", "must be above 0")]
    [TestCase("9223373TB", "must be at least 1B and below 2^63 bytes")]
    public void Document_TellsWhatIsWrong(string text, string expected)
    {
        var errors = Some.ErrorsOf($$"""{ "name": "a", "training": { "memoryBudget": "{{text}}" } }""");

        Assert.That(errors, Has.Length.EqualTo(1).And.Exactly(1).Contains($"training.memoryBudget is \"{text}\"; {expected}"));
    }

    [Test]
    public void Document_HasNoBudget_UnlessGiven()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Some.Parse("""{ "name": "a" }""").Config.Training.MemoryBudget, Is.Null);
            Assert.That(Some.Parse("""{ "name": "a", "training": { "memoryBudget": "4GB" } }""").Config.Training.MemoryBudget, Is.EqualTo("4GB"));
        }
    }

    [Test]
    public void Schema_StatesThePattern()
    {
        var budget = TrainDocument.Schema(Some.Registries)["properties"]!["training"]!["properties"]!["memoryBudget"]!;

        Assert.That((string?)budget["pattern"], Is.EqualTo($@"^(?:{MemoryBudget.Pattern})(?!\n)$"));
    }
}
