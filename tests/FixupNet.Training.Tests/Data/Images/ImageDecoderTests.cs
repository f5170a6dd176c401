using System.Buffers.Binary;
using System.Security.Cryptography;
using FixupNet.Training.Data.Images;

namespace FixupNet.Training.Tests.Data.Images;

/// <summary>Decoded pixels are those of the Python Imaging Library with libjpeg-turbo, and what cannot be decoded is said.</summary>
public sealed class ImageDecoderTests
{
    [TestCase(EncodedImages.Jpeg420, "de3b2448189e3d93", TestName = "{m}(Jpeg420)")]
    [TestCase(EncodedImages.JpegGrey, "f75b0ff7d074dd83", TestName = "{m}(JpegGrey)")]
    [TestCase(EncodedImages.JpegProgressive, "12f0830714089050", TestName = "{m}(JpegProgressive)")]
    [TestCase(EncodedImages.PngPalette, "812a07dece42f093", TestName = "{m}(PngPalette)")]
    [TestCase(EncodedImages.PngAlpha, "09f66ff4e126b551", TestName = "{m}(PngAlpha)")]
    [TestCase(EncodedImages.JpegTurned, "98ed9250a50115a8", TestName = "{m}(JpegTurned)")]
    [TestCase(EncodedImages.PngDeep, "09f66ff4e126b551", TestName = "{m}(PngDeep)")]
    public void Decode_GivesThePixelsOfPil(string encoded, string digest)
    {
        var image = ImageDecoder.Decode(EncodedImages.Bytes(encoded));

        Assert.That((image.Width, image.Height, DigestOf(image)), Is.EqualTo((17, 11, digest)));
    }

    // Where the Python Imaging Library cuts off what is above 255.
    [Test]
    public void Decode_OfGreyWith16Bits_TakesTheUpper8() =>
        Assert.That(DigestOf(ImageDecoder.Decode(EncodedImages.Bytes(EncodedImages.PngDeepGrey))), Is.EqualTo("6517c091f723ba09"));

    [Test]
    public void ReadHeader_TellsFramesAndOrientation()
    {
        var (animated, turned) = (ImageDecoder.ReadHeader(EncodedImages.Bytes(EncodedImages.GifAnimated)), ImageDecoder.ReadHeader(EncodedImages.Bytes(EncodedImages.JpegTurned)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(animated, Is.EqualTo(new ImageHeader("Gif", 17, 11, 2, IsTurned: false, StoredColors.Color)));
            Assert.That(turned, Is.EqualTo(new ImageHeader("Jpeg", 17, 11, 1, IsTurned: true, StoredColors.Color)));
        }
    }

    [TestCase(EncodedImages.Jpeg420)]
    [TestCase(EncodedImages.PngPalette)]
    public void Decode_RefusesAFileThatIsCutOff_WhereverItEnds(string encoded)
    {
        var whole = EncodedImages.Bytes(encoded);

        for (var length = 0; length < whole.Length - 30; length++)
            Assert.That(() => ImageDecoder.Decode(whole[..length]), Throws.TypeOf<BadImageException>(), $"{length} of {whole.Length} bytes");
    }

    [Test]
    public void Decode_RefusesText_AndImagesTooLargeForMemory()
    {
        var huge = EncodedImages.Bytes(EncodedImages.PngPalette);
        // Width and height of the header: 30,000 each, its checksum with them.
        new byte[] { 0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30 }.CopyTo(huge, 16);
        BinaryPrimitives.WriteUInt32BigEndian(huge.AsSpan(29), Crc(huge.AsSpan(12, 17)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => ImageDecoder.Decode("this is no image"u8.ToArray()), Throws.TypeOf<BadImageException>().With.Message.Contains("no image"));
            Assert.That(() => ImageDecoder.Decode(huge), Throws.TypeOf<BadImageException>().With.Message.Contains("900,000,000 pixels"));
        }
    }

    // Any byte of a file may be wrong: an image or a refusal, never anything else.
    [Test]
    public void Decode_OfADamagedFile_IsAnImageOrARefusal([Values(EncodedImages.Jpeg420, EncodedImages.PngAlpha, EncodedImages.GifAnimated)] string encoded)
    {
        var whole = EncodedImages.Bytes(encoded);
        for (var place = 0; place < whole.Length; place++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[place] ^= 0xA5;
            try
            {
                Assert.That(ImageDecoder.Decode(damaged).Pixels, Is.Not.Empty);
            }
            catch (BadImageException)
            {
            }
        }
    }

    internal static string DigestOf(RgbImage image) => Convert.ToHexStringLower(SHA256.HashData(image.Pixels))[..16];

    internal static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB88320);
        }
        return ~crc;
    }
}
