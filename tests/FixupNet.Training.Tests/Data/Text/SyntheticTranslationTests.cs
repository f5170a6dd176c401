using FixupNet.Training.Data.Text;

namespace FixupNet.Training.Tests.Data.Text;

public class SyntheticTranslationTests
{
    [Test]
    public void Draw_IsAFunctionOfTheSeed()
    {
        var (train, test) = SyntheticTranslation.Draw(50, 20, seed: 1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(SyntheticTranslation.Draw(50, 20, seed: 1).Train.Digest, Is.EqualTo(train.Digest));
            Assert.That(SyntheticTranslation.Draw(80, 20, seed: 1).Train.Source.Take(50), Is.EqualTo(train.Source));
            Assert.That(SyntheticTranslation.Draw(50, 20, seed: 2).Train.Digest, Is.Not.EqualTo(train.Digest));
            Assert.That(test.Source.Intersect(train.Source).Count(), Is.LessThan(3));
        }
    }

    [Test]
    public void Draw_CopiesEveryName()
    {
        var (train, _) = SyntheticTranslation.Draw(300, 1, seed: 1);
        static string[] Names(string sentence) => [.. sentence.Split(' ', '.', ',').Select(word => word.TrimEnd('n')).Where(word => word.Length > 0 && char.IsUpper(word[0])).Order()];

        Assert.That(train.Target.Select(Names), Is.EqualTo(train.Source.Select(Names)));
    }

    // Recorded runs are named by the digest.
    [Test]
    public void Draw_StaysWhatItWas()
    {
        var (train, _) = SyntheticTranslation.Draw(100, 1, seed: 1);

        Assert.That(($"{train.Source[0]} | {train.Target[0]}", train.Digest[..16]), Is.EqualTo(("the girls like the trees. | lai filai lei arbein plakisa.", "8e8135ab9516cd83")));
    }
}
