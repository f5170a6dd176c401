using System.Buffers.Binary;
using System.Text;
using FixupNet.Runs.Safetensors;

namespace FixupNet.Runs.Tests.Safetensors;

/// <summary>What a person reads who gives a file that is refused: always the file, the tensor and the reason.</summary>
public sealed class SafetensorsRefusalTests : TemporaryFolderTests
{
    private string FilePath => At("a.safetensors");

    [TestCase("""{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", "1 bytes at the end belong to no tensor.")]
    [TestCase("""{"w":{"dtype":"F16","shape":[2,3],"data_offsets":[0,2]}}""", "tensor \"w\" has 2 bytes where F16 [2, 3] takes 12.")]
    [TestCase("""{"w":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", "tensor \"w\" has the offsets [0, 3], outside of 2 bytes.")]
    [TestCase("""{"w":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", "tensor \"w\" begins at 1 where 0 is due: a gap or an overlap.")]
    [TestCase("""{"w":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,2]}}""",
        "tensor \"w\" has 2 bytes where U8 [9223372036854775807] takes 9223372036854775807.")]
    [TestCase("""{"w":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,2]}}""",
        "tensor \"w\" has the shape [4294967296, 4294967296], which overflows.")]
    [TestCase("""{"w":{"dtype":"U9","shape":[2],"data_offsets":[0,2]}}""",
        "tensor \"w\" has the unknown dtype \"U9\"; must be one of BOOL, U8, I8, F8_E4M3, F8_E5M2, U16, I16, F16, BF16, U32, I32, F32, U64, I64, F64.")]
    [TestCase("""{"w":[]}""", "tensor \"w\" must be a JSON StartObject and is StartArray.")]
    [TestCase("""{"w":{"dtype":8}}""", "tensor \"w\": \"dtype\" must be a JSON String and is Number.")]
    [TestCase("""{"w":{"shape":8}}""", "tensor \"w\": \"shape\" must be a JSON StartArray and is Number.")]
    [TestCase("""{"w":{"shape":[1.5]}}""", "tensor \"w\": \"shape\" must hold whole numbers from 0 on.")]
    [TestCase("""{"w":{"code":1}}""", "tensor \"w\": \"code\" is unknown or occurs twice.")]
    [TestCase("""{"w":{"dtype":"U8","data_offsets":[0,2]}}""", "tensor \"w\" must have dtype, shape and two data_offsets.")]
    [TestCase("""{"w":{"shape":[2],"data_offsets":[0,2]}}""", "tensor \"w\" must have dtype, shape and two data_offsets.")]
    [TestCase("""{"__metadata__":{"a":1}}""", "__metadata__: \"a\" must be a JSON String and is Number.")]
    [TestCase("""{"__metadata__":{"a":"1","a":"2"}}""", "__metadata__: the key \"a\" occurs twice.")]
    public void Read_SaysWhichTensorAndWhy(string header, string reason)
    {
        WriteRaw(header, dataBytes: 2);

        Assert.That(() => SafetensorsFile.Read(FilePath), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo($"{FilePath}: {reason}"));
    }

    [TestCase(7, 0UL, "is 7 bytes long, shorter than the header's length.")]
    [TestCase(8, 0UL, "the header does not begin with {.")]
    [TestCase(10, 3UL, "states a header of 3 bytes, more than the file holds.")]
    [TestCase(10, 100_000_000UL, "states a header of 100000000 bytes, more than the file holds.")]
    [TestCase(10, 100_000_001UL, "states a header of 100000001 bytes; at most 100000000 are allowed.")]
    public void Read_SaysWhatIsWrongWithTheHeadersLength(int fileBytes, ulong headerBytes, string reason)
    {
        var bytes = new byte[Math.Max(8, fileBytes)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, headerBytes);
        File.WriteAllBytes(FilePath, bytes[..fileBytes]);

        Assert.That(() => SafetensorsFile.Read(FilePath), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo($"{FilePath}: {reason}"));
    }

    [Test]
    public void Read_Throws_WhenATensorIsLargerThanAnArray()
    {
        var bytes = Array.MaxLength + 1L;
        WriteRaw("""{"w":{"dtype":"U8","shape":[?],"data_offsets":[0,?]}}""".Replace("?", $"{bytes}"), bytes);

        Assert.That(() => SafetensorsFile.Read(FilePath),
            Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo($"{FilePath}: tensor \"w\" is over 2 GiB, more than this reader takes."));
    }

    // A tensor may end beyond 2 GiB as long as it is not that large itself; the byte left over shows that all of them were looked at.
    [Test]
    public void Read_LooksAtEachTensorsOwnSize()
    {
        WriteRaw("""
            {"a":{"dtype":"U8","shape":[1200000000],"data_offsets":[0,1200000000]},"b":{"dtype":"U8","shape":[1200000000],"data_offsets":[1200000000,2400000000]}}
            """, 2_400_000_001);

        Assert.That(() => SafetensorsFile.Read(FilePath), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("1 bytes at the end"));
    }

    [Test]
    public void Write_Throws_WhenTheHeaderIsTooLong()
    {
        var metadata = new Dictionary<string, string> { ["note"] = new('x', 100_000_000) };

        Assert.That(() => SafetensorsFile.Write(FilePath, [], metadata),
            Throws.ArgumentException.With.Message.StartsWith("The header takes 100000032 bytes; at most 100000000 are allowed."));
        Assert.That(File.Exists(FilePath), Is.False);
    }

    [Test]
    public void Write_Throws_WhenADimensionIsNegative() =>
        Assert.That(() => SafetensorsFile.Write(FilePath, [new("w", "U8", [-1], Array.Empty<byte>())]),
            Throws.ArgumentException.With.Message.StartsWith("Tensor \"w\" has the negative dimension -1."));

    // The data are a hole in the file, which takes no room on disk.
    private void WriteRaw(string header, long dataBytes)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, json.Length);
        using var file = File.Create(FilePath);
        file.Write(prefix);
        file.Write(json);
        file.SetLength(8 + json.Length + dataBytes);
    }
}
