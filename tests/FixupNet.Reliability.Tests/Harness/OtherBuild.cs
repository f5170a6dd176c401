using System.Runtime.Versioning;

namespace FixupNet.Reliability.Tests.Harness;

/// <summary>The program as it would be, built from other sources.</summary>
[UnsupportedOSPlatform("windows")]
internal static class OtherBuild
{
    /// <summary>Digest of its sources.</summary>
    internal const string Code = "0ther50urce5";

    /// <summary>Makes it: a copy of the program whose record of sources differs.</summary>
    /// <param name="folder">A folder to be made.</param>
    /// <returns>The program.</returns>
    internal static string Make(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var entry in Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(ProgramRun.Program)!))
        {
            var name = Path.GetFileName(entry);
            if (name is "source.json" or "source.patch") continue;
            // A program looks beside itself, wherever links to it lie; the rest, libtorch perhaps, is too large to be copied.
            if (name.StartsWith("fixupnet-cli", StringComparison.Ordinal)) File.Copy(entry, Path.Combine(folder, name));
            else File.CreateSymbolicLink(Path.Combine(folder, name), entry);
        }
        File.WriteAllText(Path.Combine(folder, "source.json"), $$"""{ "code": "{{Code}}", "commit": "0123456789abcdef", "dirty": false }""");
        return Path.Combine(folder, Path.GetFileName(ProgramRun.Program));
    }
}
