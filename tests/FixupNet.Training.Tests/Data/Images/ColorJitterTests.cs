using System.Text.Json;
using FixupNet.Randomness;
using FixupNet.Training.Data.Images;

namespace FixupNet.Training.Tests.Data.Images;

/// <summary>Colours vary as torchvision's ColorJitter varies those of images of the Python Imaging Library, to the byte (Fixtures/color-jitter.json).</summary>
public sealed class ColorJitterTests
{
    /// <summary>What became of an image.</summary>
    /// <param name="Image">Which one.</param>
    /// <param name="Kind">What was changed.</param>
    /// <param name="Factor">By how much.</param>
    /// <param name="First">The first bytes afterwards, up to nine.</param>
    /// <param name="Sha256">The first digits of the sum over all of them.</param>
    public sealed record Reference(string Image, string Kind, double Factor, int[] First, string Sha256)
    {
        /// <inheritdoc/>
        public override string ToString() => FormattableString.Invariant($"{Image}, {Kind} {Factor}");
    }

    private static IEnumerable<Reference> References()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "color-jitter.json")));
        return file.RootElement.GetProperty("cases").Deserialize<Reference[]>(JsonSerializerOptions.Web)!;
    }

    [TestCaseSource(nameof(References))]
    public void Changes_GiveTheBytesOfPil(Reference reference)
    {
        var image = ImageOf(reference.Image);

        if (reference.Kind == "brightness") ColorJitter.Brightness(image.Pixels, (float)reference.Factor);
        else if (reference.Kind == "contrast") ColorJitter.Contrast(image.Pixels, (float)reference.Factor);
        else if (reference.Kind == "saturation") ColorJitter.Saturation(image.Pixels, (float)reference.Factor);
        else HueTurn.Apply(image.Pixels, reference.Factor);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(image.Pixels.Take(9), Is.EqualTo(reference.First));
            Assert.That(ImageDecoderTests.DigestOf(image), Is.EqualTo(reference.Sha256));
        }
    }

    [Test]
    public void References_AreOfAllKindsAndImages() =>
        Assert.That(References().Select(reference => (reference.Kind, reference.Image)).Distinct().Count(), Is.EqualTo(4 * 7));

    [TestCase(0.4, 0)]
    [TestCase(0, 0.1)]
    [TestCase(0.4, 0.1)]
    public void Apply_KeepsItsImage_AndIsAFunctionOfTheSeed(double strength, double hue)
    {
        var image = BilinearResizeTests.Waves(8, 8);
        var before = image.Pixels.ToArray();
        byte[] Apply(ulong seed)
        {
            var random = new CounterRandom(seed);
            return ColorJitter.Apply(ref random, image, new ColorJitterOptions(strength, hue)).Pixels;
        }

        var (first, again, other) = (Apply(1), Apply(1), Apply(2));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(image.Pixels, Is.EqualTo(before));
            Assert.That(again, Is.EqualTo(first));
            Assert.That(other, Is.Not.EqualTo(first));
        }
    }

    private static RgbImage ImageOf(string name) => name switch
    {
        "waves 7x5" => BilinearResizeTests.Waves(7, 5),
        "waves 31x17" => BilinearResizeTests.Waves(31, 17),
        "dark 5x5" => Of(5, 5, BilinearResizeTests.Waves(5, 5).Pixels.Select(value => value / 8)),
        "bright 5x5" => Of(5, 5, BilinearResizeTests.Waves(5, 5).Pixels.Select(value => 255 - value / 8)),
        "grey 4x4" => Of(4, 4, BilinearResizeTests.Waves(4, 4).Pixels.Chunk(3).SelectMany(pixel => Enumerable.Repeat((int)pixel[0], 3))),
        "one pixel" => new RgbImage(1, 1, [200, 100, 50]),
        _ => Of(2704, 52, from red in s_fifths from green in s_fifths from blue in s_fifths from value in (int[])[red, green, blue] select value),
    };

    private static readonly int[] s_fifths = [.. Enumerable.Range(0, 52).Select(i => 5 * i)];

    private static RgbImage Of(int width, int height, IEnumerable<int> values) => new(width, height, [.. values.Select(value => (byte)value)]);
}
