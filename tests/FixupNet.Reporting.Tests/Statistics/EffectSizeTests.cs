using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Tests.Statistics;

public sealed class EffectSizeTests
{
    [Test]
    public void TwoSamples_AgreesWithR()
    {
        var effect = EffectSize.TwoSamples(Published.SecondDrug, Published.FirstDrug)!;

        // R 4.2.2: t of the pooled test, ends by uniroot over pt(ncp), divided by √5, times the exact factor 0.9576464.
        Assert.That(new[] { effect.Value, effect.Interval.Low, effect.Interval.High },
            Is.EqualTo(new[] { 0.796935, -0.091408, 1.665172 }).Within(2e-6));
    }

    [Test]
    public void Paired_AgreesWithR()
    {
        var effect = EffectSize.Paired(Published.DrugDifferences)!;

        Assert.That(new[] { effect.Value, effect.Interval.Low, effect.Interval.High },
            Is.EqualTo(new[] { 1.173925, 0.378918, 1.935602 }).Within(2e-6));
    }

    [Test]
    public void Effects_AreNamed() => Assert.That(
        (EffectSize.TwoSamples(Published.SecondDrug, Published.FirstDrug)!.Name, EffectSize.Paired(Published.DrugDifferences)!.Name), Is.EqualTo(("g", "g_z")));

    [Test]
    public void TwoSamples_ChangesItsSign_WhenTheGroupsAreSwapped()
    {
        var (effect, swapped) = (EffectSize.TwoSamples([1, 2, 4], [3, 5, 9, 8])!, EffectSize.TwoSamples([3, 5, 9, 8], [1, 2, 4])!);

        Assert.That((swapped.Value, swapped.Interval.Low), Is.EqualTo((-effect.Value, -effect.Interval.High)).Using(new Close()));
    }

    [Test]
    public void Effects_AreNone_WhenNothingVariesOrThereAreTooFewValues()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(EffectSize.TwoSamples([1, 1], [2, 2]), Is.Null);
            Assert.That(EffectSize.TwoSamples([1], [2, 3]), Is.Null);
            Assert.That(EffectSize.Paired([1, 2]), Is.Null);
            Assert.That(EffectSize.Paired([2, 2, 2]), Is.Null);
            Assert.That(EffectSize.Paired([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]), Is.Null); // whose mean is not 0.1 in binary
        }
    }

    private sealed class Close : IEqualityComparer<(double, double)>
    {
        public bool Equals((double, double) x, (double, double) y) => Math.Abs(x.Item1 - y.Item1) < 1e-6 && Math.Abs(x.Item2 - y.Item2) < 1e-6;

        public int GetHashCode((double, double) obj) => 0;
    }
}
