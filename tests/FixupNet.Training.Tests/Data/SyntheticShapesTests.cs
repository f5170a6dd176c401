using FixupNet.Training.Data;

namespace FixupNet.Training.Tests.Data;

public sealed class SyntheticShapesTests
{
    private static ImageDataset Create(int train, int test, long seed = 1) =>
        (ImageDataset)Datasets.All["synthetic-shapes"].Load(new SyntheticShapesOptions(train, test, seed));

    // Pins the images themselves: results are only comparable over versions and platforms while these bytes stay.
    [Test]
    public void Load_MakesTheSameBytesEverywhere() =>
        Assert.That(Create(200, 50).Digest, Is.EqualTo("28a3de14a7c91816a02ac734bd4adcb23da67006950baf39cb92107385c13fd4"));

    [Test]
    public void Load_MakesAPrefix_WhenFewerAreAsked()
    {
        var (few, many) = (Create(25, 1).Train, Create(100, 1).Train);

        Assert.That(many.Take(25).Pixels, Is.EqualTo(few.Pixels));
        Assert.That(many.Take(25).Labels, Is.EqualTo(few.Labels));
    }

    [Test]
    public void Load_Differs_WhenTheSeedDiffers() => Assert.That(Create(10, 10, 2).Digest, Is.Not.EqualTo(Create(10, 10, 3).Digest));

    [Test]
    public void Load_BalancesTheClassesInShuffledOrder()
    {
        var labels = Create(1_000, 10).Train.Labels;

        Assert.That(labels.GroupBy(label => label).Select(group => group.Count()), Is.EqualTo(Enumerable.Repeat(100, 10)));
        Assert.That(labels[..10], Is.Unique.And.Not.EqualTo(labels[10..20]));
    }

    [Test]
    public void Load_MakesEveryImageOnce_OverBothSplits()
    {
        var dataset = Create(2_000, 2_000);

        var images = dataset.Train.Pixels.Chunk(ImageSet.BytesPerImage).Concat(dataset.Test.Pixels.Chunk(ImageSet.BytesPerImage));
        Assert.That(images.Select(Convert.ToHexString).Distinct().Count(), Is.EqualTo(4_000));
    }

    [Test]
    public void Load_StatesTheMeanAndDeviationOfItsPixels()
    {
        var dataset = Create(10_000, 1);

        for (var channel = 0; channel < ImageSet.Channels; channel++)
        {
            var (sum, squares, count) = (0L, 0L, 10_000L * 1024);
            for (var index = channel * 1024; index < dataset.Train.Pixels.Length; index += ImageSet.BytesPerImage)
            {
                foreach (var value in dataset.Train.Pixels.AsSpan(index, 1024)) (sum, squares) = (sum + value, squares + value * value);
            }
            var mean = (double)sum / count;
            Assert.That(dataset.ChannelMean[channel], Is.EqualTo(mean / 255).Within(5.1e-5)); // stated with four digits
            Assert.That(dataset.ChannelStd[channel], Is.EqualTo(Math.Sqrt((double)squares / count - mean * mean) / 255).Within(5.1e-5));
        }
    }

    [Test]
    public void Load_IsHardForALinearClassifier_ButNotNoise()
    {
        var accuracy = LinearClassifier.TestAccuracy(Create(3_000, 1_000), epochs: 4);

        Assert.That(accuracy, Is.InRange(0.12, 0.60)); // chance is 0.10
    }

    [TestCase(0, 1, 1L)]
    [TestCase(1, 500_001, 1L)]
    [TestCase(1, 1, -1L)]
    public void Load_Throws_WhenAnOptionIsOutOfRange(int train, int test, long seed) =>
        Assert.That(() => Create(train, test, seed), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
