using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>Files whose header is JSON and lies about the rest.</summary>
internal static class HostileSafetensors
{
    private static readonly string[] s_numbers =
        ["0", "1", "2", "4", "8", "-1", "64", "2147483648", "4611686018427387904", "9223372036854775807", "9223372036854775808", "1e3", "0.5", "null", "\"1\""];

    private static readonly Gen<string> s_number = Gen.Frequency((6, Gen.Elements("0", "1", "2", "4", "8")), (2, Gen.Elements(s_numbers)));

    private static readonly Gen<string> s_tensor =
        from type in Gen.Frequency((5, Gen.Elements("F32", "U8", "F64", "BF16")), (1, Gen.Elements("BOOL", "F8_E4M3", "f32", "", "OBJECT", "\\u001b[31m", "\\ud800")))
        from shape in s_number.ListOf()
        from begin in s_number
        from end in s_number
        from extra in Gen.Frequency((8, Gen.Constant("")), (1, Gen.Elements(",\"shape\":[1]", ",\"x\":1", ",\"data_offsets\":[0,1]")))
        select $"{{\"dtype\":\"{type}\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{begin},{end}]{extra}}}";

    private static readonly Gen<string> s_member =
        from name in Gen.Elements("a", "b", "layer1.0.conv1.weight", "", "__metadata__", "\\u0000", "\\u001b[2J", "\\ud800", new string('n', 3_000))
        from value in Gen.Frequency((8, s_tensor), (1, Gen.Elements("{}", "[]", "null", "1", "{\"format\":\"pt\"}", "{\"a\":1}", "{\"a\":{}}")))
        select $"\"{name}\":{value}";

    /// <summary>The files.</summary>
    public static Gen<byte[]> Files { get; } =
        from members in s_member.ListOf()
        from length in Gen.Frequency((8, Gen.Constant(0L)), (1, Gen.Elements(1L, -1, 8, 1L << 40, long.MaxValue, long.MinValue)))
        from dataBytes in Gen.Elements(0, 0, 1, 2, 4, 8, 16, 64)
        select File($"{{{string.Join(',', members)}}}", length, dataBytes);

    private static byte[] File(string header, long lengthError, int dataBytes)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var file = new byte[sizeof(long) + json.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length + lengthError);
        json.CopyTo(file, sizeof(long));
        return file;
    }
}
