using FixupNet.Training.Data;
using FixupNet.Training.Data.Text;

namespace FixupNet.Training.Tests.Data.Text;

public class VocabularyTests
{
    private static readonly ParallelText s_text = SyntheticTranslation.Draw(200, 1, seed: 1).Train;

    private string _path = "";

    [SetUp]
    public void ChoosePath() => _path = Path.Combine(Directory.CreateTempSubdirectory("fixupnet-vocabulary-").FullName, Vocabulary.FileName);

    [TearDown]
    public void DeleteFolder() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [TestCase("A man in a blue shirt, aged 42, isn't here.")]
    [TestCase("  two  blanks\tand a tab ")]
    [TestCase("▁ itself and \uE000 too")]
    [TestCase("„Zwei“ – 3,5 °C, naïve e\u0301 😀😀x")]
    [TestCase("")]
    public void TextPieces_GiveTheSentenceBack(string sentence)
    {
        var pieces = TextPieces.Split(sentence);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(TextPieces.Join(pieces), Is.EqualTo(sentence));
            Assert.That(pieces, Has.None.Contains(" "));
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Encode_IsReversible_WhereNothingIsUnknown(bool isJoint)
    {
        var vocabulary = Vocabulary.Learn(s_text, 100, isJoint);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(s_text.Source.Select(line => vocabulary.Source.Decode(vocabulary.Source.Encode(line))), Is.EqualTo(s_text.Source));
            Assert.That(s_text.Target.Select(line => vocabulary.Target.Decode(vocabulary.Target.Encode(line))), Is.EqualTo(s_text.Target));
            Assert.That(vocabulary.IsJoint, Is.EqualTo(isJoint));
        }
    }

    [Test]
    public void Encode_ShowsWhatItDoesNotKnow()
    {
        var subwords = Vocabulary.Learn(s_text, 100, isJoint: true).Source;

        Assert.That(subwords.Decode(subwords.Encode("the dog Ω sees")), Is.EqualTo("the dog\ufffd sees").Or.EqualTo("the dog\ufffd\ufffd sees").Or.EqualTo("the dog \ufffd sees"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Read_GivesWhatWasWritten(bool isJoint)
    {
        var written = Vocabulary.Learn(s_text, 50, isJoint);
        written.Write(_path);

        var read = Vocabulary.Read(_path, written.Digest);

        Assert.That((read.IsJoint, read.Digest, read.Target.Units.SequenceEqual(written.Target.Units)), Is.EqualTo((isJoint, written.Digest, true)));
    }

    [Test]
    public void Read_Throws_WhenItIsAnotherRuns()
    {
        Vocabulary.Learn(s_text, 50, isJoint: true).Write(_path);

        Assert.That(() => Vocabulary.Read(_path, Vocabulary.Learn(s_text, 51, isJoint: true).Digest), Throws.TypeOf<DatasetCorruptException>().With.Message.Contains("another run's"));
    }

    [TestCase("{", "no vocabulary")]
    [TestCase("{}", "no vocabulary")]
    [TestCase("null", "no vocabulary")]
    public void Read_Throws_WhenItIsNoVocabulary(string content, string expected)
    {
        File.WriteAllText(_path, content);

        Assert.That(() => Vocabulary.Read(_path), Throws.TypeOf<DatasetCorruptException>().With.Message.Contains(expected).And.Message.Contains(_path));
    }

    [Test]
    public void Read_Throws_WhenItWasChanged()
    {
        Vocabulary.Learn(s_text, 50, isJoint: true).Write(_path);
        File.WriteAllText(_path, File.ReadAllText(_path).Replace("\"a\"", "\"ä\"", StringComparison.Ordinal));

        Assert.That(() => Vocabulary.Read(_path), Throws.TypeOf<DatasetCorruptException>().With.Message.Contains("was changed"));
    }
}
