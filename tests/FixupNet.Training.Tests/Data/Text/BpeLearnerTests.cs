using System.Security.Cryptography;
using System.Text;
using FixupNet.Training.Data.Text;

namespace FixupNet.Training.Tests.Data.Text;

public class BpeLearnerTests
{
    // Worked by hand: "lo" and "ow</w>" tie at 7 with nothing, "es" 9, "est</w>" 9, … of arXiv:1508.07909's example; ties go to the greater pair.
    [Test]
    public void Learn_MergesTheMostFrequentPair_OfEqualOnesTheGreater()
    {
        var words = new Dictionary<string, int> { ["low"] = 5, ["lower"] = 2, ["newest"] = 6, ["widest"] = 3 };

        var (characters, merges) = BpeLearner.Learn(words, 6);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(characters, Is.EqualTo((string[])["d", "e", "i", "l", "n", "o", "r</w>", "s", "t</w>", "w", "w</w>"]));
            Assert.That(merges.Select(merge => $"{merge.Left} {merge.Right}"), Is.EqualTo((string[])["s t</w>", "e st</w>", "l o", "w est</w>", "n e", "ne west</w>"]));
        }
    }

    [Test]
    public void Learn_Ends_WhenNoPairOccursTwice() =>
        Assert.That(BpeLearner.Learn(new Dictionary<string, int> { ["ab"] = 1, ["cd"] = 2 }, 10).Merges, Is.EqualTo(((string, string)[])[("c", "d</w>")]));

    [Test]
    public void Learn_MergesWithoutOverlap()
    {
        var merges = BpeLearner.Learn(new Dictionary<string, int> { ["aaaaab"] = 2 }, 2).Merges;

        Assert.That(merges, Is.EqualTo(((string, string)[])[("a", "a"), ("aa", "aa")]));
    }

    // "😀" is above "\uFFFD" in code points, below it in UTF-16.
    [Test]
    public void Learn_OrdersByCodePoints() => Assert.That(
        BpeLearner.Learn(new Dictionary<string, int> { ["x\ufffd"] = 2, ["x\U0001F600"] = 2 }, 1).Merges[0], Is.EqualTo(("x", "\U0001F600</w>")));

    [Test]
    public void Learn_EqualsSubwordNmt_OnMulti30k()
    {
        var text = Multi30k.Train();

        var words = BpeLearner.WordsOf(text.Source.Concat(text.Target));
        var merges = BpeLearner.Learn(words, 4000).Merges.Select(merge => $"{merge.Left} {merge.Right}").ToArray();

        var file = "#version: 0.2\n" + string.Concat(merges.Select(merge => $"{merge}\n"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((words.Count, words.Values.Sum()), Is.EqualTo((39_522, 667_356)));
            Assert.That(merges.Take(10), Is.EqualTo((string[])["i n", "e n</w>", "i n</w>", "e r</w>", "a n", "e in", "e r", "c h", "u n", "in g</w>"]));
            Assert.That(merges[^1], Is.EqualTo("R utsche</w>"));
            Assert.That(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file))), Does.StartWith("8ce29b56").And.EndsWith("a12a"));
        }
    }

    [Test]
    public void Encode_EqualsSubwordNmt_OnMulti30k()
    {
        var text = Multi30k.Train();
        var (characters, merges) = BpeLearner.Learn(BpeLearner.WordsOf(text.Source.Concat(text.Target)), 4000);
        var subwords = new Subwords(characters, merges);
        string Cut(string sentence) => string.Join(' ', subwords.EncodePieces(sentence.Split(' ')).Select(number => subwords.Units[number])).Replace("</w>", "", StringComparison.Ordinal);

        var units = Cut("Several men in hard hats are operating a giant pulley system.");

        Assert.That(units, Is.EqualTo("Several men in hard hats are oper ating a giant pul le y s y st em ."));
    }
}
