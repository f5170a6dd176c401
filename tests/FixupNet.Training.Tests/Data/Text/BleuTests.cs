using System.Text.Json;
using FixupNet.Training.Data.Text;

namespace FixupNet.Training.Tests.Data.Text;

/// <summary>BLEU against sacreBLEU's numbers (Fixtures/bleu.json, and worked by hand).</summary>
public class BleuTests
{
    private static readonly JsonElement s_reference =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Fixtures", "bleu.json"))).RootElement;

    [TestCaseSource(nameof(Cases))]
    public void Score_EqualsSacreBleu(string name)
    {
        var expected = s_reference.GetProperty(name);
        var hypotheses = Strings(expected.GetProperty("hypotheses"));

        var result = Bleu.Score(hypotheses, [.. expected.GetProperty("references").EnumerateArray().Select(Strings)]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(hypotheses.Select(segment => string.Join(' ', BleuTokenizer.Tokenize(segment))), Is.EqualTo(Strings(expected.GetProperty("tokens"))));
            Assert.That(result.Score, Is.EqualTo(expected.GetProperty("score").GetDouble()).Within(1e-6)); // the file has six decimals
            Assert.That(result.Precisions, Is.EqualTo(Numbers(expected, "precisions")).Within(1e-6));
            Assert.That(result.BrevityPenalty, Is.EqualTo(expected.GetProperty("brevity").GetDouble()).Within(1e-6));
            Assert.That(result.Counts.Matches, Is.EqualTo(Numbers(expected, "matches")));
            Assert.That(result.Counts.Totals, Is.EqualTo(Numbers(expected, "totals")));
            Assert.That(result.Counts.HypothesisLength, Is.EqualTo(expected.GetProperty("sys_len").GetInt64()));
            Assert.That(result.Counts.ReferenceLength, Is.EqualTo(expected.GetProperty("ref_len").GetInt64()));
        }
    }

    [TestCase("A man in blue shirt stands on a ladder cleaning a window.", "A man in a blue shirt is standing on a ladder cleaning a window.", 53.452115)]
    [TestCase("Two dogs play./A child sleeps on the red sofa", "Two dogs are playing in the snow./The child is sleeping on a red couch.", 7.029940)]
    [TestCase(
        "Ein Hund läuft durch den tiefen Schnee./„Zwei Männer“ sitzen – wie immer – am Tisch.",
        "Ein brauner Hund rennt durch den tiefen Schnee./„Zwei Männer“ sitzen wie immer am Tisch.", 40.870316)]
    public void Score_EqualsTheWorkedExample(string hypotheses, string references, double expected) =>
        Assert.That(Bleu.Score(hypotheses.Split('/'), references.Split('/')).Score, Is.EqualTo(expected).Within(1e-6)); // six decimals

    [Test]
    public void Score_DropsCase_WhenAsked()
    {
        string[] hypotheses = ["the 3.5-inch disk, costs $1,200 (\"new\")!", "It's 10-12 o'clock..."];
        string[] references = ["The 3.5-inch disk costs $1,200 (\"new\").", "It's 10-12 o'clock."];

        Assert.That(Bleu.Score(hypotheses, references, lowercase: true).Score, Is.EqualTo(70.944188).Within(1e-6)); // six decimals
    }

    [TestCase("foo.bar@example.com, 3,000-5,000 x-y", "foo . bar @ example . com , 3,000 - 5,000 x-y")]
    [TestCase("-5- 5-5", "-5 - 5 - 5")]
    [TestCase("a&quot;b &amp;lt; c&amp;d", "a \" b < c & d")]
    [TestCase("one\u00a0two\u2028three \u001c", "one two three")]
    [TestCase("\U0001F600.5", "\U0001F600 . 5")]
    public void Tokenize_FollowsTheRules(string segment, string expected) => Assert.That(string.Join(' ', BleuTokenizer.Tokenize(segment)), Is.EqualTo(expected));

    [TestCase("ΟΔΟΣ ΟΔΟΣ.", "οδος οδος .")]
    [TestCase("İstanbul", "i\u0307stanbul")]
    public void Tokenize_LowersAsPythonDoes(string segment, string expected) => Assert.That(string.Join(' ', BleuTokenizer.Tokenize(segment, lowercase: true)), Is.EqualTo(expected));

    [Test]
    public void Score_Throws_WhenReferencesAreMissing() =>
        Assert.That(() => Bleu.Score(["a", "b"], (string[])["a"]), Throws.ArgumentException.With.Message.Contains("2 segments").And.Message.Contains("1 have references"));

    [Test]
    public void Signature_SaysHowTheScoreCameAbout() =>
        Assert.That(Bleu.Signature(lowercase: true), Is.EqualTo("nrefs:1|case:lc|eff:no|tok:13a|smooth:exp|version:fixupnet"));

    private static IEnumerable<string> Cases() => s_reference.EnumerateObject().Where(item => item.Value.ValueKind == JsonValueKind.Object).Select(item => item.Name);

    private static string[] Strings(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString()!)];

    private static double[] Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
}
