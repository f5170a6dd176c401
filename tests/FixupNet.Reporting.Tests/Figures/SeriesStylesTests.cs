using FixupNet.Reporting.Figures;

namespace FixupNet.Reporting.Tests.Figures;

public sealed class SeriesStylesTests
{
    [Test]
    public void Of_GivesAMethodTheSameStyle_InAnyCompany()
    {
        var three = SeriesStyles.Of(["fixup", "batchnorm", "plain"]);
        var two = SeriesStyles.Of(["rezero", "plain", "fixup"]);
        var alone = SeriesStyles.Of(["rezero"]);

        Assert.That((two[1].Light, two[2].Light, alone[0].Light), Is.EqualTo((three[2].Light, three[0].Light, two[0].Light)));
    }

    [Test]
    public void Of_GivesEachNameItsOwnLook()
    {
        string[] names = [.. Enumerable.Range(0, SeriesStyle.Count - 1).Select(index => $"method {index}"), "fixup"];

        var looks = SeriesStyles.Of(names).Select(style => (style.Light, style.Corners, style.Degrees));

        Assert.That(looks, Is.Unique);
    }

    [Test]
    public void Of_KeepsTheColourOfAMethod_AndChangesItsMarker_WhenCurvesShareIt()
    {
        var styles = SeriesStyles.Of(["fixup", "plain", "fixup", "plain"]);

        Assert.That((styles[2].Light, styles[3].Light), Is.EqualTo((SeriesStyles.Of(["fixup"])[0].Light, SeriesStyles.Of(["plain"])[0].Light)));
        Assert.That(styles.Select(style => (style.Light, style.Corners, style.Degrees)), Is.Unique);
    }

    [Test]
    public void InOrder_GoesFromDarkToLight()
    {
        static int Lightness(string color) => Convert.FromHexString(color[1..]).Sum(part => part);

        var colors = Enumerable.Range(0, 5).Select(index => Lightness(SeriesStyle.InOrder(index, 5).Light));

        Assert.That(colors, Is.Ordered.And.Unique);
    }
}
