using FixupNet.Randomness;

namespace FixupNet.Tests.Randomness;

public class SeedPlanTests
{
    // Golden numbers: recorded runs depend on them, so a change here is a change of every experiment.
    [TestCase(0, "initialization", 0, 0, 2201220692007120552UL)]
    [TestCase(1, "initialization", 0, 0, 5525445762016260623UL)]
    [TestCase(1, "data-order", 3, 0, 3963641027043957647UL)]
    [TestCase(-5, "augmentation", 2, 49_999, 12412550460841341002UL)]
    public void Stream_GivesGoldenNumbers(long seed, string name, long epoch, long position, ulong expected) =>
        Assert.That(new SeedPlan(seed).Stream(name, epoch, position), Is.EqualTo(expected));

    [Test]
    public void Stream_DiffersInEveryPartOfItsAddress()
    {
        var streams = from seed in new[] { 0L, 1L, -1L }
                      from name in new[] { "a", "b", "ab" }
                      from epoch in Enumerable.Range(0, 20)
                      from position in Enumerable.Range(0, 20)
                      select new SeedPlan(seed).Stream(name, epoch, position);

        Assert.That(streams.Distinct().Count(), Is.EqualTo(3 * 3 * 20 * 20));
    }

    [Test]
    public void With_TakesOneStreamFromAnotherSeed()
    {
        var plan = new SeedPlan(1).With("initialization", 7).With("data-order", 9);

        Assert.Multiple(() =>
        {
            Assert.That(plan.Initialization(), Is.EqualTo(new SeedPlan(7).Initialization()));
            Assert.That(plan.DataOrder(3), Is.EqualTo(new SeedPlan(9).DataOrder(3)));
            Assert.That((plan.Seed, plan.Augmentation(2, 5)), Is.EqualTo((1, new SeedPlan(1).Augmentation(2, 5))));
        });
    }

    [Test]
    public void NamedStreams_AreStreamsOfTheirNames()
    {
        var plan = new SeedPlan(42);

        Assert.Multiple(() =>
        {
            Assert.That(plan.Seed, Is.EqualTo(42));
            Assert.That(plan.Initialization(), Is.EqualTo(plan.Stream("initialization")));
            Assert.That(plan.DataOrder(3), Is.EqualTo(plan.Stream("data-order", 3)));
            Assert.That(plan.Augmentation(3, 4), Is.EqualTo(plan.Stream("augmentation", 3, 4)));
            Assert.That(plan.Mixup(3, 4), Is.EqualTo(plan.Stream("mixup", 3, 4)));
        });
    }

    [Test]
    public void Stream_Throws_WhenNameIsEmpty() => Assert.That(() => new SeedPlan(1).Stream(""), Throws.ArgumentException);
}
