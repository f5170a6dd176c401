using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using FixupNet.Runs.Safetensors;

namespace FixupNet.Runs.Tests.Safetensors;

public sealed class SafetensorsFileTests : TemporaryFolderTests
{
    private static readonly SafetensorsEntry[] Entries =
    [
        new("layer1.0.conv1.weight", "F32", [2, 1, 1, 1], MemoryMarshal.AsBytes<float>([1.5f, -2f]).ToArray()),
        new("bias1", "F64", [], MemoryMarshal.AsBytes<double>([0.25]).ToArray()),
        new("empty", "I64", [0, 3], Array.Empty<byte>()),
        new("a", "U8", [3], new byte[] { 1, 2, 3 }),
    ];

    private string FilePath => At("a.safetensors");

    [Test]
    public void Read_ReturnsWhatWasWritten_InTheSameOrder()
    {
        SafetensorsFile.Write(FilePath, Entries, new Dictionary<string, string> { ["format"] = "pt", ["note"] = "zwei\n√½" });

        var content = SafetensorsFile.Read(FilePath);

        Assert.That(content.Entries.Select(Describe), Is.EqualTo(Entries.Select(Describe)));
        Assert.That(content.Metadata, Is.EqualTo(new Dictionary<string, string> { ["format"] = "pt", ["note"] = "zwei\n√½" }));
    }

    [Test]
    public void Write_WritesTheFormatByteForByte()
    {
        SafetensorsFile.Write(FilePath, [new("w", "U8", [2], new byte[] { 7, 8 })]);

        // The header has 53 bytes; spaces bring it to 56.
        Assert.That(File.ReadAllBytes(FilePath), Is.EqualTo((byte[])
            [56, 0, 0, 0, 0, 0, 0, 0, .. """{"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}   """u8, 7, 8]));
    }

    // Other readers, and people who look into the file, meet the name itself and not its escape.
    [Test]
    public void Write_WritesNamesAsTheyAre()
    {
        SafetensorsFile.Write(FilePath, [new("größe<1>+", "U8", [0], Array.Empty<byte>())]);

        Assert.That(File.ReadAllText(FilePath), Does.Contain("\"größe<1>+\""));
    }

    [TestCase("BOOL", 1)]
    [TestCase("U8", 1)]
    [TestCase("I8", 1)]
    [TestCase("F8_E4M3", 1)]
    [TestCase("F8_E5M2", 1)]
    [TestCase("U16", 2)]
    [TestCase("I16", 2)]
    [TestCase("F16", 2)]
    [TestCase("BF16", 2)]
    [TestCase("U32", 4)]
    [TestCase("I32", 4)]
    [TestCase("F32", 4)]
    [TestCase("U64", 8)]
    [TestCase("I64", 8)]
    [TestCase("F64", 8)]
    public void Read_TakesEveryElementType(string dtype, int elementBytes)
    {
        SafetensorsFile.Write(FilePath, [new("w", dtype, [3], new byte[3 * elementBytes])]);

        Assert.That(SafetensorsFile.Read(FilePath).Entries.Select(Describe), Is.EqualTo(new[] { $"w {dtype} [3] {new string('0', 6 * elementBytes)}" }));
    }

    [Test]
    public void Write_WritesAFileWithoutTensors()
    {
        SafetensorsFile.Write(FilePath, []);

        Assert.That(SafetensorsFile.Read(FilePath).Entries, Is.Empty);
    }

    [Test]
    public void Read_TakesTensorsInAnyOrderOfTheHeader()
    {
        WriteRaw("""{"b":{"shape":[1],"data_offsets":[1,2],"dtype":"U8"},"a":{"dtype":"BOOL","shape":[],"data_offsets":[0,1]}}""", [5, 6]);

        Assert.That(SafetensorsFile.Read(FilePath).Entries.Select(entry => (entry.Name, entry.Data.Span[0])),
            Is.EqualTo(new[] { ("b", 6), ("a", 5) }));
    }

    [TestCase("a", "F32", 4, "occurs twice", TestName = "Write_Throws_WhenANameIsTaken")]
    [TestCase("__metadata__", "F32", 4, "reserved", TestName = "Write_Throws_WhenANameIsReserved")]
    [TestCase("b", "F32", 5, "takes 4", TestName = "Write_Throws_WhenDataDoNotFillTheShape")]
    [TestCase("b", "C128", 16, "unknown dtype", TestName = "Write_Throws_WhenTheElementTypeIsUnknown")]
    public void Write_Throws(string name, string dtype, int byteCount, string reason)
    {
        SafetensorsEntry[] entries = [new("a", "U8", [1], new byte[1]), new(name, dtype, [1], new byte[byteCount])];

        Assert.That(() => SafetensorsFile.Write(FilePath, entries), Throws.ArgumentException.With.Message.Contains(reason));
        Assert.That(File.Exists(FilePath), Is.False);
    }

    [TestCase("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,1]}}""", "takes 2")]
    [TestCase("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", "belong to no tensor")]
    [TestCase("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", "outside")]
    [TestCase("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", "gap or an overlap")]
    [TestCase("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", "gap or an overlap")]
    [TestCase("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}}""", "outside")]
    [TestCase("""{"a":{"dtype":"U8","shape":[-2],"data_offsets":[0,2]}}""", "whole numbers")]
    [TestCase("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[-1,1]}}""", "whole numbers")]
    [TestCase("""{"a":{"dtype":"U8","shape":[2.0],"data_offsets":[0,2]}}""", "whole numbers")]
    [TestCase("""{"a":{"dtype":"U8","shape":["2"],"data_offsets":[0,2]}}""", "whole numbers")]
    [TestCase("""{"a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,2]}}""", "whole numbers")]
    [TestCase("""{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,2]}}""", "overflows")]
    [TestCase("""{"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,2]}}""", "overflows")]
    [TestCase("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,9223372036854775807]}}""", "outside")]
    [TestCase("""{"a":{"dtype":"U9","shape":[2],"data_offsets":[0,2]}}""", "unknown dtype")]
    [TestCase("""{"a":{"dtype":"U8","shape":[2]}}""", "must have")]
    [TestCase("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0]}}""", "must have")]
    [TestCase("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,1,2]}}""", "must have")]
    [TestCase("""{"a":{"dtype":"U8","shape":[2],"shape":[2],"data_offsets":[0,2]}}""", "twice")]
    [TestCase("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2],"code":1}}""", "unknown")]
    [TestCase("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", "twice")]
    [TestCase("""{"__metadata__":{"a":1}}""", "__metadata__")]
    [TestCase("""{"__metadata__":{"a":"1","a":"2"}}""", "twice")]
    [TestCase("""{"__metadata__":{},"__metadata__":{}}""", "twice")]
    [TestCase("""{"a\u001b[31m":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", "control")]
    [TestCase("""{"a\ud800":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", "not JSON")]
    [TestCase("""{"a":[[[[[[[[[[1]]]]]]]]]]}""", "must be")]
    [TestCase("""{"a":{"dtype":[[[[[[[[[[1]]]]]]]]]]}}""", "must be")]
    [TestCase("""{"a":1}""", "must be")]
    [TestCase("""{} {}""", "not JSON")]
    [TestCase("""{}x""", "not JSON")]
    [TestCase("""[]""", "begin with {")]
    [TestCase(""" {}""", "begin with {")]
    [TestCase("", "begin with {")]
    [TestCase("{", "not JSON")]
    public void Read_NamesFileAndReason_WhenTheHeaderLies(string header, string reason)
    {
        WriteRaw(header, [1, 2]);

        Assert.That(() => SafetensorsFile.Read(FilePath),
            Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith(FilePath).And.Message.Contains(reason));
    }

    [TestCase(ulong.MaxValue)]
    [TestCase(1UL << 63)]
    [TestCase(100_000_001UL)]
    [TestCase(3UL)]
    public void Read_Throws_WhenTheHeadersLengthLies(ulong length)
    {
        var bytes = new byte[10];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        File.WriteAllBytes(FilePath, bytes);

        Assert.That(() => SafetensorsFile.Read(FilePath),
            Throws.InstanceOf<InvalidDataException>().With.Message.Contains($"{length} bytes"));
    }

    [Test]
    public void Read_Throws_WhenAShapeHasManyDimensions()
    {
        WriteRaw("""{"a":{"dtype":"U8","shape":[?],"data_offsets":[0,1]}}""".Replace("?", string.Join(",", Enumerable.Repeat("1", 65))), [1]);

        Assert.That(() => SafetensorsFile.Read(FilePath), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("more than 64"));
    }

    [Test]
    public void Read_Throws_WhenANameIsLong()
    {
        WriteRaw("""{"?":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""".Replace("?", new string('a', 1_001)), [1]);

        Assert.That(() => SafetensorsFile.Read(FilePath), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("longer than 1000"));
    }

    // Each of these describes far more memory than it takes.
    [TestCase("tensors")]
    [TestCase("keys")]
    [TestCase("text")]
    public void Read_TakesNoMoreMemoryThanTheFileIsWorth(string what)
    {
        var header = what switch
        {
            "tensors" => $"{{{string.Join(',', Enumerable.Range(0, 400_000).Select(i => $"\"{i}\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}"))}}}",
            "keys" => $"{{\"__metadata__\":{{{string.Join(',', Enumerable.Range(0, 2_000_000).Select(i => $"\"{i}\":\"\""))}}}}}",
            _ => $"{{\"__metadata__\":{{\"a\":\"{new string('a', 40_000_000)}\"}}}}",
        };
        WriteRaw(header, []);
        var allocated = GC.GetAllocatedBytesForCurrentThread();

        Assert.That(() => SafetensorsFile.Read(FilePath), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("more than"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - allocated, Is.LessThan((2L * new FileInfo(FilePath).Length) + (64 << 20)));
    }

    [Test]
    public void Read_Throws_WhenASparseFileClaimsMoreThanTheMachineHas()
    {
        const long each = 2_000_000_000;
        WriteRaw($"{{{string.Join(',', Enumerable.Range(0, 2_000).Select(i => $"\"{i}\":{{\"dtype\":\"U8\",\"shape\":[{each}],\"data_offsets\":[{i * each},{(i + 1) * each}]}}"))}}}", []);
        using (var file = File.OpenWrite(FilePath)) file.SetLength(file.Length + (2_000 * each));

        Assert.That(() => SafetensorsFile.Read(FilePath), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("bytes of memory"));
    }

    [Test]
    public void Open_ReadsTensorsInAnyOrder()
    {
        SafetensorsFile.Write(FilePath, Entries);

        using var file = SafetensorsFile.Open(FilePath);
        var read = file.Tensors.Reverse().Select(tensor =>
        {
            var data = new byte[tensor.End - tensor.Begin];
            file.Read(tensor, data);
            return Describe(new(tensor.Name, tensor.DType, tensor.Shape, data));
        });

        Assert.That(read.Reverse(), Is.EqualTo(Entries.Select(Describe)));
    }

    [Test]
    public void Open_RefusesRoomOfAnotherSize_AndWhatIsBeyondTheFile()
    {
        SafetensorsFile.Write(FilePath, Entries);

        using var file = SafetensorsFile.Open(FilePath);
        var last = file.Tensors.MaxBy(tensor => tensor.End)!;
        var room = new byte[last.End - last.Begin + 1];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => file.Read(last, room), Throws.ArgumentException.With.Message.Contains($"there is room for {room.Length}"));
            Assert.That(() => file.Read(last with { End = last.End + 1 }, room),
                Throws.TypeOf<InvalidDataException>().With.Message.EqualTo($"{FilePath}: became shorter while it was read."));
        }
    }

    [Test]
    public void Read_Throws_WhenCutAnywhere()
    {
        SafetensorsFile.Write(FilePath, Entries);
        var whole = File.ReadAllBytes(FilePath);

        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(FilePath, whole[..length]);

            Assert.That(() => SafetensorsFile.Read(FilePath), Throws.InstanceOf<InvalidDataException>(), $"cut to {length}");
        }
    }

    [Test]
    public void Read_ThrowsNothingElse_WhenAnyBitOfTheHeaderIsFlipped()
    {
        SafetensorsFile.Write(FilePath, Entries[..2]);
        var whole = File.ReadAllBytes(FilePath);
        var headerEnd = 8 + BinaryPrimitives.ReadInt32LittleEndian(whole);
        var refused = 0;

        for (var bit = 0; bit < headerEnd * 8; bit++)
        {
            whole[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(FilePath, whole);
            if (!CanRead()) refused++;
            whole[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        // What is left are other letters in names and texts, which are as good as the original ones.
        Assert.That(refused, Is.GreaterThan(headerEnd * 8 / 2));
    }

    private bool CanRead()
    {
        try
        {
            SafetensorsFile.Read(FilePath);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private void WriteRaw(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, json.Length);
        File.WriteAllBytes(FilePath, [.. prefix, .. json, .. data]);
    }

    private static string Describe(SafetensorsEntry entry) =>
        $"{entry.Name} {entry.DType} [{string.Join(",", entry.Shape)}] {Convert.ToHexString(entry.Data.Span)}";
}
