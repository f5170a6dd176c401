using System.Security.Cryptography;

namespace FixupNet.Training.Data;

/// <summary>The sum of a file under a named algorithm.</summary>
/// <param name="Algorithm">"sha256", or "md5" where the publisher gives nothing else.</param>
/// <param name="Hex">The sum in lower-case hex.</param>
public sealed record Checksum(string Algorithm, string Hex)
{
    /// <summary>Whether the rest of a stream has this sum.</summary>
    internal bool Matches(Stream content) => Of(content) == Hex;

    /// <summary>The sum of the rest of a stream under the same algorithm, in lower-case hex.</summary>
    internal string Of(Stream content) => Convert.ToHexStringLower(Algorithm switch
    {
        "sha256" => SHA256.HashData(content),
        "md5" => MD5.HashData(content), // guards against damage in transit, as its publisher meant it
        _ => throw new NotSupportedException($"checksum algorithm is \"{Algorithm}\"; must be sha256 or md5"),
    });
}
