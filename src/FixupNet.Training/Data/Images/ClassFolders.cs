namespace FixupNet.Training.Data.Images;

/// <summary>The folders of train and val, whose names are the classes: none of their files has been listed.</summary>
/// <param name="Root">The folder that holds train and val.</param>
/// <param name="Train">Folders of train, in ordinal order of their names, which is that of the classes.</param>
/// <param name="Test">Folders of val, in the same order.</param>
internal sealed record ClassFolders(string Root, IReadOnlyList<string> Train, IReadOnlyList<string> Test)
{
    private static readonly string[] s_endings = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp"];

    /// <summary>Names of the classes, by index.</summary>
    internal IReadOnlyList<string> Names { get; } = [.. Train.Select(folder => Path.GetFileName(folder))];

    /// <summary>Finds the folders.</summary>
    /// <param name="root">The folder that holds train and val.</param>
    /// <exception cref="DirectoryNotFoundException">It is not there, or holds no train or no val.</exception>
    internal static ClassFolders Find(string root)
    {
        if (!Directory.Exists(root)) throw new DirectoryNotFoundException($"{root} is not there; must be a folder with train/CLASS/* and val/CLASS/*.");
        return new ClassFolders(root, Of(root, "train"), Of(root, "val"));
    }

    /// <summary>What is wrong with the folders; of their files only the first image is looked for.</summary>
    internal IEnumerable<FolderFinding> Findings()
    {
        foreach (var same in Names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
            yield return new($"{Root}/train/{same.First()}", $"differs from {string.Join(", ", same.Skip(1))} in upper and lower case alone: on other systems they are one class.");
        foreach (var missing in Names.Except(Test.Select(folder => Path.GetFileName(folder))))
            yield return new($"{Root}/val/{missing}", "is not there, though train has this class: no image of it is measured.", IsError: false);
        var known = Names.ToHashSet(StringComparer.Ordinal);
        foreach (var unknown in Test.Where(folder => !known.Contains(Path.GetFileName(folder))))
            yield return new(unknown, $"is a class that train does not have{Near(Path.GetFileName(unknown))}.");
        foreach (var empty in Train.Concat(Test).Where(folder => known.Contains(Path.GetFileName(folder)) && !ImagesIn(folder).Any()))
            yield return new(empty, "holds no image (.jpg, .jpeg, .png, .webp, .gif, .bmp).");
    }

    /// <summary>Names of the images of a folder, in the order of the file system.</summary>
    internal static IEnumerable<string> ImagesIn(string folder) => Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file))
        .Where(name => IsSeen(name) && s_endings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase));

    private static List<string> Of(string root, string split)
    {
        var folder = Path.Combine(root, split);
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{folder} is not there; {root} must hold train/CLASS/* and val/CLASS/*.");
        var classes = Directory.EnumerateDirectories(folder).Where(IsSeen).Order(StringComparer.Ordinal).ToList();
        return classes.Count > 0 ? classes : throw new DirectoryNotFoundException($"{folder} holds no folder of a class.");
    }

    private static bool IsSeen(string path) => !Path.GetFileName(path).StartsWith('.');

    private string Near(string name) => Names.FirstOrDefault(other => other.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } near ? $"; it has {near}, spelled otherwise" : "";
}
