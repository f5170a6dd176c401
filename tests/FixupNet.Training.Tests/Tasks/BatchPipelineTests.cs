using FixupNet.Training.Data;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tests.Tasks;

public sealed class BatchPipelineTests
{
    private DisposeScope _scope = null!;

    [SetUp]
    public void OpenScope() => _scope = NewDisposeScope();

    [TearDown]
    public void CloseScope() => _scope.Dispose();

    [TestCase(40, 16, new[] { 16, 16, 8 })]
    [TestCase(32, 16, new[] { 16, 16 })]
    [TestCase(5, 16, new[] { 5 })]
    public void Training_ShowsEveryImageOnceAnEpoch(int count, int batchSize, int[] expectedSizes)
    {
        using var batches = Some.Pipeline(Some.Numbered(count), batchSize);

        var epoch = Epoch(batches, 0);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(batches.TrainCount, Is.EqualTo(count));
            Assert.That(epoch.Select(batch => batch.Count), Is.EqualTo(expectedSizes));
            Assert.That(epoch.SelectMany(Labels), Is.EquivalentTo(Enumerable.Range(0, count)));
        }
    }

    [Test]
    public void Training_KeepsImagesAndLabelsTogether()
    {
        using var batches = Some.Pipeline(Some.Numbered(40), 16);

        foreach (var batch in Epoch(batches, 1))
            Assert.That(FirstPixels(batch), Is.EqualTo(Labels(batch)));
    }

    [Test]
    public void Training_ShufflesAnewEveryEpochAndForEverySeed()
    {
        using var batches = Some.Pipeline(Some.Numbered(40), 16);
        using var otherSeed = Some.Pipeline(Some.Numbered(40), 16, seed: 2);

        long[][] orders = [Order(batches, 0), Order(batches, 1), Order(otherSeed, 0)];

        Assert.That(orders.Select(order => string.Join(",", order)), Is.Unique);
    }

    [Test]
    public void Training_DoesNotDependOnWhatWasAskedBefore()
    {
        using var fresh = Some.Pipeline(Some.Dataset(40, 1), 16, vary: true, mixupAlpha: 0.7);
        using var used = Some.Pipeline(Some.Dataset(40, 1), 16, vary: true, mixupAlpha: 0.7);
        for (var epoch = 0; epoch < 4; epoch++) Epoch(used, epoch);

        var (first, again) = (fresh.Training(3, 2), used.Training(3, 2));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Bytes(again.Images), Is.EqualTo(Bytes(first.Images)));
            Assert.That(Labels(again), Is.EqualTo(Labels(first)));
            Assert.That(again.Mix!.Lambda, Is.EqualTo(first.Mix!.Lambda));
            Assert.That(again.Mix.PartnerLabels.data<long>().ToArray(), Is.EqualTo(first.Mix.PartnerLabels.data<long>().ToArray()));
        }
    }

    [Test]
    public void Training_VariesAnImageAlike_WhateverTheBatchSize()
    {
        using var small = Some.Pipeline(Some.Dataset(40, 1), 16, vary: true);
        using var large = Some.Pipeline(Some.Dataset(40, 1), 32, vary: true);

        Assert.That(Bytes(AllImages(large)), Is.EqualTo(Bytes(AllImages(small))));
    }

    [Test]
    public void Training_VariesAnImageAnewEveryEpoch()
    {
        using var batches = Some.Pipeline(Some.Dataset(1, 1), 1, vary: true);

        var versions = Enumerable.Range(0, 10).Select(epoch => Convert.ToHexString(Bytes(batches.Training(epoch, 0).Images))).Distinct();

        Assert.That(versions.Count(), Is.GreaterThan(7)); // 162 variations, so 10 draws seldom repeat
    }

    [TestCase(ScalarType.Float32)]
    [TestCase(ScalarType.Float64)]
    public void Test_NormalizesExactly(ScalarType precision)
    {
        double[] mean = [0.4, 0.5, 0.6], std = [0.2, 0.25, 0.3];
        var dataset = Some.Dataset(1, 3, new ChannelNormalization(mean, std));
        using var batches = Some.Pipeline(dataset, 1, precision: precision);

        var images = batches.Test(0, 3).Images;

        var expected = dataset.Test.Pixels.Select((pixel, i) =>
        {
            var channel = i / 1024 % 3;
            var (center, scale) = (mean[channel] * 255, std[channel] * 255);
            return precision == ScalarType.Float64 ? (pixel - center) / scale : (pixel - (float)center) / (float)scale;
        });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(images.dtype, Is.EqualTo(precision));
            Assert.That(Some.Values(images), Is.EqualTo(expected));
        }
    }

    [Test]
    public void Training_MixesImagesAsTheLabelsSay()
    {
        using var batches = Some.Pipeline(Some.Numbered(20), 8, mixupAlpha: 0.7, precision: ScalarType.Float64);

        foreach (var batch in Epoch(batches, 0))
        {
            var (own, partners, lambda) = (Labels(batch), batch.Mix!.PartnerLabels.data<long>().ToArray(), batch.Mix.Lambda);
            var expected = own.Zip(partners, (a, b) => lambda * a + (1 - lambda) * b);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(lambda, Is.InRange(0.0, 1.0));
                Assert.That(partners, Is.EquivalentTo(own));
                Assert.That(FirstPixels(batch), Is.EqualTo(expected).Within(1e-12)); // float64 rounding
            }
        }
    }

    [Test]
    public void Training_DoesNotMix_WhenAlphaIsZero()
    {
        using var batches = Some.Pipeline(Some.Numbered(20), 8);

        Assert.That(batches.Training(0, 0).Mix, Is.Null);
    }

    [Test]
    public void Test_GivesImagesInFileOrderUnvaried()
    {
        var dataset = Some.Dataset(1, 7, Some.Raw);
        using var batches = Some.Pipeline(dataset, 2, vary: true, mixupAlpha: 0.7);

        var (first, second) = (batches.Test(0, 4), batches.Test(4, 3));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(batches.TestCount, Is.EqualTo(7));
            Assert.That(Some.Values(cat([first.Images, second.Images])), Is.EqualTo(dataset.Test.Pixels.Select(pixel => (double)pixel)));
            Assert.That(Labels(first).Concat(Labels(second)), Is.EqualTo(dataset.Test.Labels.Select(label => (long)label)));
            Assert.That(first.Mix, Is.Null);
        }
    }

    [Test]
    public void Slice_TakesImagesLabelsAndPartners()
    {
        var batch = Some.Batch(6, mixed: true);

        var part = batch.Slice(2, 3);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(part.Count, Is.EqualTo(3));
            Assert.That(Some.Values(part.Images), Is.EqualTo(Some.Values(batch.Images).Skip(2 * 192).Take(3 * 192)));
            Assert.That(Labels(part), Is.EqualTo(new[] { 2, 3, 4 }));
            Assert.That(part.Mix!.PartnerLabels.data<long>().ToArray(), Is.EqualTo(batch.Mix!.PartnerLabels.data<long>().ToArray()[2..5]));
            Assert.That(part.Mix.Lambda, Is.EqualTo(batch.Mix.Lambda));
        }
    }

    private static ImageBatch[] Epoch(BatchPipeline batches, int epoch) =>
        [.. Enumerable.Range(0, batches.BatchesPerEpoch).Select(index => batches.Training(epoch, index))];

    private static long[] Order(BatchPipeline batches, int epoch) => [.. Epoch(batches, epoch).SelectMany(Labels)];

    private static Tensor AllImages(BatchPipeline batches) => cat([.. Epoch(batches, 0).Select(batch => batch.Images)]);

    private static long[] Labels(ImageBatch batch) => batch.Labels.data<long>().ToArray();

    private static double[] FirstPixels(ImageBatch batch) => Some.Values(batch.Images.select(1, 0).select(1, 0).select(1, 0));

    private static byte[] Bytes(Tensor tensor) => tensor.contiguous().bytes.ToArray();
}
