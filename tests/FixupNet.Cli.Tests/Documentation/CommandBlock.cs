using System.Text.RegularExpressions;

namespace FixupNet.Cli.Tests.Documentation;

/// <summary>One block of shell commands on a page of the documentation.</summary>
/// <param name="Page">The page's path in the repository.</param>
/// <param name="Line">The line at which the block begins.</param>
/// <param name="Kind">The word behind "sh": empty for one that runs in seconds, "minutes", or "elsewhere" for one that needs what a test has not.</param>
/// <param name="Lines">Its commands as printed.</param>
internal sealed partial record CommandBlock(string Page, int Line, string Kind, IReadOnlyList<string> Lines)
{
    /// <summary>The folder of the repository; null where the tests run without it.</summary>
    public static string? Repository { get; } = FindRepository();

    /// <summary>The blocks of all pages, README first.</summary>
    public static IReadOnlyList<CommandBlock> All { get; } = Repository is null ? [] : [.. Pages(Repository).SelectMany(page => Of(Repository, page))];

    /// <summary>The arguments of each command that is this program's, without comments and redirections.</summary>
    public IEnumerable<string[]> Commands => Lines.SelectMany(line => line.Split("&&")).Select(command => NoArguments().Replace(command, "").Trim())
        .Where(command => command.StartsWith("./fixupnet ", StringComparison.Ordinal))
        .Select(command => command.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]);

    /// <inheritdoc/>
    public override string ToString() => $"{Page}:{Line}";

    private static IEnumerable<string> Pages(string repository) =>
        [.. new[] { "README.md", "configs/README.md" }, .. Directory.GetFiles(Path.Combine(repository, "docs"), "*.md").Order(StringComparer.Ordinal).Select(file => Path.GetRelativePath(repository, file))];

    private static IEnumerable<CommandBlock> Of(string repository, string page)
    {
        var lines = File.ReadAllLines(Path.Combine(repository, page));
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("```sh", StringComparison.Ordinal)) continue;
            var end = Array.IndexOf(lines, "```", i + 1);
            yield return new(page, i + 1, lines[i]["```sh".Length..].Trim(), lines[(i + 1)..end]);
            i = end;
        }
    }

    private static string? FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "FixupNet.sln"))) return Directory.Exists(Path.Combine(folder.FullName, "docs")) ? folder.FullName : null;
        return null;
    }

    [GeneratedRegex(@"\s+[#>].*$")]
    private static partial Regex NoArguments();
}
