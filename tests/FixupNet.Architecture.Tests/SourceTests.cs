using System.Text.RegularExpressions;

namespace FixupNet.Architecture.Tests;

public sealed partial class SourceTests
{
    private const int MostLines = 400;

    private static readonly string[] s_textExtensions =
        [".cs", ".csproj", ".props", ".targets", ".sln", ".json", ".jsonc", ".md", ".txt", ".xml", ".config", ".yml", ".cpp", ".h", ".cmake", ".cmd", ".sh", ".html", ".js", ".css", ""];

    private static IEnumerable<string> Sources(params string[] extensions) =>
        Repository.Files.Where(file => (file.StartsWith("src/", StringComparison.Ordinal) || file.StartsWith("tests/", StringComparison.Ordinal))
            && extensions.Contains(Path.GetExtension(file)));

    private static IEnumerable<string> TextFiles => Repository.Files.Where(file => s_textExtensions.Contains(Path.GetExtension(file)));

    [Test]
    public void Namespace_IsTheFolder()
    {
        // FixupNet.LibTorch has TorchSharp's namespaces; a program's entry point and a file of assembly attributes have none.
        var files = Sources(".cs").Where(file => file.StartsWith("src/", StringComparison.Ordinal)
            && !file.StartsWith("src/FixupNet.LibTorch/", StringComparison.Ordinal) && Path.GetFileName(file) != "Program.cs").ToList();

        var wrong = files.Select(file => (file, Text: Repository.Read(file)))
            .Where(source => DeclaredNamespace().Match(source.Text).Groups[1].Value != FolderNamespace(source.file) && !HasAttributesAlone(source.Text))
            .Select(source => source.file);

        Assert.That(files, Is.Not.Empty);
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void SourceFiles_AreShort() =>
        Assert.That(Sources(".cs", ".cpp", ".h").Where(file => Repository.Read(file).AsSpan().Count('\n') > MostLines), Is.Empty);

    [Test]
    public void Files_NameNoPackageRegistry() => Assert.That(TextFiles.Where(file => RegistryHost().IsMatch(Repository.Read(file))), Is.Empty);

    [Test]
    public void Files_NameNoDevelopersFolder() => Assert.That(TextFiles.Where(file => DevelopersFolder().IsMatch(Repository.Read(file))), Is.Empty);

    [TestCase("see https", "api.nuget.org/v3/index.json", true)]
    [TestCase("https", "registry.npmjs.org/", true)]
    [TestCase("https", "arxiv.org/abs/1901.09321", false)]
    public void RegistryHost_RecognizesRegistries(string scheme, string rest, bool expected) =>
        Assert.That(RegistryHost().IsMatch($"{scheme}://{rest}"), Is.EqualTo(expected)); // put together here: this file is searched too

    [TestCase("home", "me/data", true)]
    [TestCase("proc", "self/status", false)]
    public void DevelopersFolder_RecognizesAbsolutePaths(string top, string rest, bool expected) =>
        Assert.That(DevelopersFolder().IsMatch($"path /{top}/{rest}"), Is.EqualTo(expected));

    private static bool HasAttributesAlone(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .All(line => line.StartsWith("using ", StringComparison.Ordinal) || line.StartsWith("//", StringComparison.Ordinal) || line.StartsWith("[assembly:", StringComparison.Ordinal));

    private static string FolderNamespace(string file) => Path.GetDirectoryName(file)!.Replace('\\', '/')["src/".Length..].Replace('/', '.');

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex DeclaredNamespace();

    [GeneratedRegex(@"https?://[^/\s""'<>]*(nuget|npmjs|pypi|crates\.io|artifactory|conda)[^/\s""'<>]*", RegexOptions.IgnoreCase)]
    private static partial Regex RegistryHost();

    // An absolute path, not a part of an address or of a relative path.
    [GeneratedRegex(@"(?<![\w.:/-])/(home|Users|root|work|mnt)/\w|\b[A-Za-z]:\\+Users\\")]
    private static partial Regex DevelopersFolder();
}
