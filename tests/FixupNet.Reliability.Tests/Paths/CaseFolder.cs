using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace FixupNet.Reliability.Tests.Paths;

/// <summary>The folder of one case: it holds tiny.json, sweep.json and a finished run "done", and everybody may add to it.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class CaseFolder : IDisposable
{
    internal const UnixFileMode Nobody = UnixFileMode.None;

    internal const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>For the owner alone to change, for everybody to read.</summary>
    internal const UnixFileMode OwnerOnly = Everybody & ~UnixFileMode.GroupWrite & ~UnixFileMode.OtherWrite;

    /// <summary>Copies what every case begins with.</summary>
    /// <param name="template">A folder of it.</param>
    internal CaseFolder(string template)
    {
        Root = Directory.CreateTempSubdirectory("fixupnet-path-").FullName;
        Assert.That(ProgramRun.Of("cp", ["-r", template + "/.", Root]).ExitCode, Is.Zero);
        foreach (var entry in Directory.EnumerateFileSystemEntries(Root, "*", SearchOption.AllDirectories).Prepend(Root)) File.SetUnixFileMode(entry, Everybody);
    }

    internal string Root { get; }

    internal string At(string name) => Path.Combine(Root, name);

    internal void Folder(string name, UnixFileMode mode = Everybody)
    {
        Directory.CreateDirectory(At(name));
        File.SetUnixFileMode(At(name), mode);
    }

    internal void Allow(string name, UnixFileMode mode) => File.SetUnixFileMode(At(name), mode);

    internal void Link(string name, string target) => File.CreateSymbolicLink(At(name), target);

    /// <summary>Every file with its content, as root sees it, but for the logs of runs, to which every attempt may add.</summary>
    internal Dictionary<string, string> Content() => Directory
        .EnumerateFiles(Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        .Where(file => Path.GetFileName(file) is not ("log.txt" or "log.jsonl"))
        .ToDictionary(file => file, file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))));

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Root, recursive: true);
}
