using FixupNet.Registries;
using FixupNet.Runs;

namespace FixupNet.Experiments.Configuration.Nodes;

/// <summary>Wording shared by the messages; what a file holds is shown shortened and without control characters.</summary>
internal static class ConfigText
{
    private const int ShownCharacters = 60;

    public static string Show(string text, int shownCharacters = ShownCharacters) => PrintableText.Shortened(text, shownCharacters);

    public static string Join(string path, string key) => path.Length == 0 ? Show(key) : $"{path}.{Show(key)}";

    public static string OneOf(string given, IReadOnlyList<string> allowed) =>
        allowed.Count == 0 ? "there are none to choose from" : $"must be one of {string.Join(", ", allowed)}{DidYouMean(given, allowed)}";

    /// <summary>A suggestion in brackets with a space before it, or nothing.</summary>
    public static string DidYouMean(string given, IReadOnlyList<string> allowed) =>
        Nearest(given, allowed) is { } nearest ? $" (did you mean \"{nearest}\"?)" : "";

    /// <summary>The name that was meant; null where none is near.</summary>
    public static string? Nearest(string given, IReadOnlyList<string> allowed) => given.Length <= ShownCharacters ? NearestName.Of(given, allowed) : null;
}
