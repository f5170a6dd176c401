using System.Security.Cryptography;

namespace FixupNet.Runs.Checkpoints;

/// <summary>SHA-256 in lower-case hexadecimal digits.</summary>
internal static class Checksums
{
    /// <summary>That of bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>That of what is left of a stream.</summary>
    public static string Of(Stream stream) => Convert.ToHexStringLower(SHA256.HashData(stream));
}
