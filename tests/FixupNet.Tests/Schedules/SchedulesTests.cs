using FixupNet.Registries;
using FixupNet.Schedules;

namespace FixupNet.Tests.Schedules;

public class SchedulesTests
{
    [TestCase(0.0, 1.0)]
    [TestCase(99.99, 1.0)]
    [TestCase(100.0, 0.1)]
    [TestCase(149.5, 0.1)]
    [TestCase(150.0, 0.01)]
    [TestCase(200.0, 0.01)]
    public void Steps_FallAtMilestones(double epoch, double expected)
    {
        var schedule = ScheduleRegistry.All["steps"].Create(new StepsScheduleOptions([100, 150]), totalEpochs: 200);

        Assert.That(schedule.FactorAt(epoch), Is.EqualTo(expected).Within(1e-15));
    }

    [TestCase(0.0, 0.2)]
    [TestCase(2.5, 0.6)]
    [TestCase(5.0, 1.0)]
    [TestCase(6.0, 1.0)]
    public void Steps_WarmUpLinearly(double epoch, double expected)
    {
        var schedule = new StepsSchedule(new StepsScheduleOptions([], WarmupEpochs: 5, WarmupStartFactor: 0.2));

        Assert.That(schedule.FactorAt(epoch), Is.EqualTo(expected).Within(1e-15));
    }

    [TestCase(0.0, 1.0)]
    [TestCase(50.0, 0.5)]
    [TestCase(100.0, 0.0)]
    [TestCase(101.0, 0.0)]
    public void Cosine_FallsToZero(double epoch, double expected)
    {
        var schedule = ScheduleRegistry.All["cosine"].Create(new CosineScheduleOptions(), totalEpochs: 100);

        Assert.That(schedule.FactorAt(epoch), Is.EqualTo(expected).Within(1e-15));
    }

    [TestCase(0.0, 0.1)]
    [TestCase(5.0, 0.55)]
    [TestCase(10.0, 1.0)]
    [TestCase(60.0, 0.6)]
    [TestCase(110.0, 0.2)]
    public void Cosine_WarmsUpAndEndsAtItsFinalFactor(double epoch, double expected)
    {
        var schedule = new CosineSchedule(new CosineScheduleOptions(WarmupEpochs: 10, FinalFactor: 0.2), totalEpochs: 110);

        Assert.That(schedule.FactorAt(epoch), Is.EqualTo(expected).Within(1e-15));
    }

    [TestCase(0.0, 0.0)]
    [TestCase(1.0, 0.25)]
    [TestCase(4.0, 1.0)]
    [TestCase(16.0, 0.5)]
    public void InverseSquareRoot_FallsAfterTheWarmup(double epoch, double expected) => Assert.That(
        ScheduleRegistry.All["inverse-sqrt"].Create(new InverseSquareRootScheduleOptions(WarmupEpochs: 4), 20).FactorAt(epoch), Is.EqualTo(expected).Within(1e-15));

    [TestCase(0.0, 1.0)]
    [TestCase(6.0, 0.5)]
    public void InverseSquareRoot_FallsFromTheBeginning_WithoutWarmup(double epoch, double expected) => Assert.That(
        new InverseSquareRootSchedule(new InverseSquareRootScheduleOptions(WarmupEpochs: 0, DecayEpochs: 2)).FactorAt(epoch), Is.EqualTo(expected).Within(1e-15));

    [Test]
    public void InverseSquareRoot_Throws_WhenNothingSaysHowFastItFalls() => Assert.That(
        () => new InverseSquareRootSchedule(new InverseSquareRootScheduleOptions(WarmupEpochs: 0)), Throws.ArgumentException.With.Message.Contains("no warm-up"));

    [TestCase(0.0, 0.2)]
    [TestCase(1.0, 0.6)]
    [TestCase(2.0, 1.0)]
    [TestCase(9.0, 1.0)]
    public void Constant_WarmsUp(double epoch, double expected) => Assert.That(
        new ConstantSchedule(new ConstantScheduleOptions(WarmupEpochs: 2, WarmupStartFactor: 0.2)).FactorAt(epoch), Is.EqualTo(expected).Within(1e-15));

    [Test]
    public void Constant_IsOne() => Assert.That(ScheduleRegistry.All["constant"].Create(new ConstantScheduleOptions(), 1).FactorAt(0.3), Is.EqualTo(1.0));

    [TestCase(5.0, 3.0)]
    [TestCase(3.0, 3.0)]
    [TestCase(0.0)]
    [TestCase(-1.0)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void Steps_Throw_WhenMilestonesDoNotAscend(params double[] milestones) => Assert.That(
        () => new StepsSchedule(new StepsScheduleOptions(milestones)), Throws.ArgumentException.With.Message.Contains("ascending"));

    [Test]
    public void Steps_Throw_WhenFactorIsOutOfRange() =>
        Assert.That(() => new StepsSchedule(new StepsScheduleOptions([1], Factor: 2)), Throws.ArgumentException.With.Message.Contains("Factor"));

    [TestCase(10.0)]
    [TestCase(20.0)]
    public void Cosine_Throws_WhenWarmupFillsTheRun(double warmupEpochs) =>
        Assert.That(() => new CosineSchedule(new CosineScheduleOptions(warmupEpochs), totalEpochs: 10), Throws.ArgumentException);

    [TestCase(0.0)]
    [TestCase(double.NaN)]
    public void Create_Throws_WhenThereAreNoEpochs(double totalEpochs) => Assert.That(
        () => ScheduleRegistry.All["constant"].Create(new ConstantScheduleOptions(), totalEpochs), Throws.TypeOf<ArgumentOutOfRangeException>());
}
