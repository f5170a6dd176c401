using System.Security.Cryptography;
using System.Text;

namespace FixupNet.Runs.Files;

/// <summary>Names of run and trial folders: readable, unique by a hash of what is run, and of [a-z0-9.=-] only.</summary>
public static class RunNames
{
    private const int MaxNameLength = 80;

    /// <summary>Name of a run's folder: name-hash6.</summary>
    /// <param name="name">Name of the sweep or experiment.</param>
    /// <param name="resolved">Text of the resolved sweep or configuration; equal texts get equal names.</param>
    public static string Run(string name, string resolved) => $"{Clean(name)}-{Hash(resolved, 6)}";

    /// <summary>Name of a trial's folder: index4-name-hash8.</summary>
    /// <param name="index">Number of the trial in its sweep, from 0.</param>
    /// <param name="shortName">What sets the trial apart, for people.</param>
    /// <param name="resolved">Text of the resolved configuration.</param>
    public static string Trial(int index, string shortName, string resolved) => $"{index:D4}-{Clean(shortName)}-{Hash(resolved, 8)}";

    /// <summary>Name of a checkpoint's folder: step-0000000500.</summary>
    /// <param name="step">Optimizer steps done, at least 0.</param>
    public static string Checkpoint(long step) => $"step-{step:D10}";

    /// <summary>Whether a name read from a file may be used as that of a folder: it cannot lead out of the folder it is put in.</summary>
    /// <param name="name">The name.</param>
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= 255 && name[0] != '.' && name[^1] != '.' && name.All(IsAllowed) && !IsReserved(name.Split('.')[0]);

    /// <summary>First digits of the SHA-256 of a text.</summary>
    /// <param name="text">The text, hashed as UTF-8.</param>
    /// <param name="digits">Hexadecimal digits, in [1, 64].</param>
    public static string Hash(string text, int digits) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..digits];

    private static string Clean(string name)
    {
        var cleaned = new StringBuilder();
        foreach (var letter in name.ToLowerInvariant())
        {
            if (IsAllowed(letter)) cleaned.Append(letter);
            else if (cleaned.Length > 0 && cleaned[^1] != '-') cleaned.Append('-');
        }
        if (cleaned.Length > MaxNameLength) cleaned.Length = MaxNameLength;
        var result = cleaned.ToString().Trim('-', '.');
        return result.Length > 0 ? result : "run";
    }

    // Names that Windows keeps for devices, whatever follows behind a point.
    private static bool IsReserved(string name) => name is "con" or "prn" or "aux" or "nul"
        || (name.Length == 4 && name[..3] is "com" or "lpt" && char.IsAsciiDigit(name[3]));

    private static bool IsAllowed(char letter) =>
        char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '=' or '-';
}
