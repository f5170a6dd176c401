using FixupNet.Experiments.Configuration;

namespace FixupNet.Experiments.Tests.Configuration;

internal sealed class ConfigDifferencesTests
{
    [TestCase("{}", "seed is 2 there and 1 here")]
    [TestCase("""{ "model": { "depth": 26 }, "about": "x" }""", "about is \"x\" there and \"\" here, seed is 2 there and 1 here, model.depth is 26 there and 20 here")]
    [TestCase("""{ "schedule": { "name": "steps", "milestonesEpochs": [1, 2] } }""",
        "seed is 2 there and 1 here, schedule.name is \"steps\" there and \"constant\" here, schedule.milestonesEpochs is [1,2] there and not set here, schedule.factor is 0.1 there and not set here")]
    public void Describe_NamesKeysAndBothValues(string other, string expected)
    {
        var here = Some.Parse("""{ "name": "a" }""").Json;
        var there = Some.Parse("{ \"name\": \"a\", \"seed\": 2, " + other.Trim()[1..]).Json;

        Assert.That(ConfigDifferences.Describe(here, there), Is.EqualTo(expected));
    }
}
