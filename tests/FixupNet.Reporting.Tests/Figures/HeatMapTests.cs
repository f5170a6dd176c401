using System.IO.Compression;
using FixupNet.Reporting.Figures;

namespace FixupNet.Reporting.Tests.Figures;

public sealed class HeatMapTests
{
    [Test]
    public void ToSvg_ShowsColoursAndHatches()
    {
        var map = new HeatMap("map", "<Map>", "About", [0, 10], 3, 1,
        [
            [NormCode.Of(1e-30), NormCode.Zero, NormCode.Of(1)], [NormCode.NaN, NormCode.Infinite, NormCode.Of(1)],
        ]);

        var drawing = new Drawing(map.ToSvg());

        Assert.That((drawing.Elements("zero").Count, drawing.Elements("non-finite").Count), Is.EqualTo((1, 1)));
        Assert.That(Drawing.Points(drawing.Elements("non-finite").Single().Attribute("d")!.Value), Has.Count.EqualTo(1)); // one stretch of two cells
        Assert.That(drawing.Texts(), Is.SupersetOf(new[] { "10−30", "100", "exactly 0", "∞ or NaN", "step" }));
        // From the top: the last layer first; colours count from 1, 0 has none.
        Assert.That(Pixels(drawing), Is.EqualTo(new byte[] { 0, 48, 48, 0, 0, 0, 0, 1, 0 }));
    }

    [Test]
    public void ToSvg_ShowsHatchesAlone_WhenNoNormIsANumberAboveZero()
    {
        var map = new HeatMap("map", "Map", "About", [0], 1, 1, [[NormCode.Zero]]);

        Assert.That(new Drawing(map.ToSvg()).Elements("zero"), Has.Count.EqualTo(1));
    }

    [TestCase(5e-324)]
    [TestCase(1e-30)]
    [TestCase(0.123)]
    [TestCase(1.7e308)]
    public void NormCode_KeepsAPowerOfTenToAHundredth(double norm) =>
        Assert.That(NormCode.Exponent(NormCode.Of(norm)), Is.EqualTo(Math.Log10(norm)).Within(0.0051)); // half a hundredth, and rounding

    [Test]
    public void NormCode_OrdersWhatASharedCellShows()
    {
        ushort[] codes = [NormCode.None, NormCode.Zero, NormCode.Of(1e-300), NormCode.Of(1e300), NormCode.Of(double.PositiveInfinity), NormCode.Of(double.NaN)];

        Assert.That(codes, Is.Ordered.And.Unique);
    }

    private static byte[] Pixels(Drawing drawing)
    {
        var image = drawing.Root.Descendants().Single(element => element.Name.LocalName == "image");
        var png = Convert.FromBase64String(image.Attribute("href")!.Value.Split(',')[1]);
        var start = png.AsSpan().IndexOf("IDAT"u8);
        var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(start - 4));
        using var zlib = new ZLibStream(new MemoryStream(png, start + 4, length), CompressionMode.Decompress);
        using var pixels = new MemoryStream();
        zlib.CopyTo(pixels);
        return pixels.ToArray();
    }
}
