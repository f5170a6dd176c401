using FixupNet.Reporting.Figures;

namespace FixupNet.Reporting.Tests.Figures;

public sealed class AxisTests
{
    private static readonly PixelRange Pixels = new(100, 700);

    [TestCase(91.3, 93.4, "91.0 91.5 92.0 92.5 93.0 93.5")]
    [TestCase(0, 100, "0 20 40 60 80 100")]
    [TestCase(9.1, 49.8, "0 10 20 30 40 50")]
    [TestCase(99.96, 99.99, "99.96 99.97 99.98 99.99")]
    public void Linear_EndsAtRoundNumbers(double least, double most, string expected)
    {
        var axis = Axis.Linear(least, most, Pixels);

        Assert.That(string.Join(' ', axis.Ticks.Select(tick => tick.Label)), Is.EqualTo(expected));
        Assert.That((axis.Ticks[0].Pixel, axis.Ticks[^1].Pixel), Is.EqualTo((100, 700)));
    }

    [Test]
    public void Linear_RunsUpward_WhenPixelsDo()
    {
        var axis = Axis.Linear(0, 100, new PixelRange(400, 0));

        Assert.That((axis.Pixel(0), axis.Pixel(25), axis.Pixel(100)), Is.EqualTo((400, 300, 0)));
    }

    [TestCase(1, "1")]
    [TestCase(2, "1 2")]
    [TestCase(22, "1 5 10 15 22")]
    [TestCase(112, "1 20 40 60 80 100 112")]
    [TestCase(10_000, "1 2,000 4,000 6,000 8,000 10,000")]
    public void Index_NamesTheFirstAndTheLast(int count, string expected)
    {
        var axis = Axis.Index(count, Pixels);

        Assert.That(string.Join(' ', axis.Ticks.Select(tick => tick.Label)), Is.EqualTo(expected));
    }

    [TestCase(1e-30, 0.5, "−30 −25 −20 −15 −10 −5 0")]
    [TestCase(0.29, 0.45, "−1 0")]
    [TestCase(1, 1, "0 1")]
    [TestCase(2e-5, 3e2, "−5 −4 −3 −2 −1 0 1 2 3")]
    [TestCase(5e-324, 1.7e308, "−300 −200 −100 0 100 200 300")]
    public void Decades_NamesPowersOfTen(double least, double most, string exponents)
    {
        var axis = Axis.Decades(least, most, Pixels);

        var labelled = axis.Ticks.Where(tick => tick.Label.Length > 0).ToList();
        Assert.That(string.Join(' ', labelled.Select(tick => tick.Exponent)), Is.EqualTo(exponents));
        Assert.That(labelled.Select(tick => tick.Label), Is.All.EqualTo("10"));
        Assert.That(new[] { axis.Pixel(least), axis.Pixel(most) }, Is.Ordered.And.All.InRange(100, 700));
    }

    [TestCase(1.4, 2.4, "1.4 1.6 1.8 2 2.2 2.4")]
    [TestCase(0.00012, 0.0009, "0.0002 0.0004 0.0006 0.0008")]
    public void Narrow_NamesRoundNumbers(double least, double most, string expected)
    {
        var axis = Axis.Narrow(least, most, Pixels);

        Assert.That(string.Join(' ', axis.Ticks.Select(tick => tick.Label)), Is.EqualTo(expected));
        Assert.That(axis.Ticks.Select(tick => tick.Pixel), Is.EqualTo(axis.Ticks.Select(tick => axis.Pixel(double.Parse(tick.Label)))).Within(1e-9));
        Assert.That(new[] { axis.Pixel(least), axis.Pixel(most) }, Is.Ordered.And.All.InRange(100, 700));
    }

    [Test]
    public void Decades_PlacesPowersEvenly()
    {
        var axis = Axis.Decades(1e-30, 1, Pixels);

        Assert.That((axis.Pixel(1e-30), axis.Pixel(1e-20), axis.Pixel(1)), Is.EqualTo((100, 300, 700)));
    }

    [Test]
    public void Decades_HasMinorTicks_WhenThereAreFewDecades()
    {
        var axis = Axis.Decades(1, 10, Pixels);

        Assert.That(axis.Ticks.Where(tick => tick.Label.Length == 0).Select(tick => tick.Pixel),
            Is.EqualTo(Enumerable.Range(2, 8).Select(digit => 100 + 600 * Math.Log10(digit))).Within(1e-9));
    }

    [Test]
    public void LogarithmicAt_NamesEveryValueWithRoom()
    {
        var axis = Axis.LogarithmicAt([10_000, 20, 22, 110, 20], Pixels);

        Assert.That(axis.Ticks.Select(tick => tick.Label), Is.EqualTo(new[] { "20", "", "110", "10,000" }));
        Assert.That(axis.Ticks.Select(tick => tick.Pixel), Is.Ordered.And.All.InRange(110, 690));
    }
}
