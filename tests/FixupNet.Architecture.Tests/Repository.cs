using System.Xml.Linq;

namespace FixupNet.Architecture.Tests;

/// <summary>The files of this repository, found from the test assembly upwards.</summary>
internal static class Repository
{
    // Written by builds, editors and runs; the rest is what a clone holds.
    private static readonly HashSet<string> s_notOurs = [".git", ".vs", ".vscode", ".idea", "artifacts", "bin", "obj", "runs", "TestResults"];

    internal static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Every file, relative to the root, with forward slashes.</summary>
    internal static IReadOnlyList<string> Files { get; } =
        [.. FilesBelow(Root).Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    /// <summary>The project files below a top folder, by project name.</summary>
    internal static IReadOnlyDictionary<string, string> Projects(string folder) =>
        Files.Where(file => file.StartsWith(folder + "/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal))
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file));

    internal static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    internal static XDocument ReadXml(string file) => XDocument.Load(Path.Combine(Root, file));

    private static string FindRoot(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "FixupNet.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No FixupNet.sln in {start} or above it.");
    }

    private static IEnumerable<string> FilesBelow(string folder) =>
        Directory.EnumerateFiles(folder).Concat(
            Directory.EnumerateDirectories(folder).Where(path => !s_notOurs.Contains(Path.GetFileName(path))).SelectMany(FilesBelow));
}
