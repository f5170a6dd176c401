namespace FixupNet.Training.Data;

/// <summary>Where datasets are kept where a configuration does not say.</summary>
public static class DataFolder
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "FIXUPNET_DATA";

    /// <summary>The folder under which datasets lie: the root given, else <see cref="Variable"/>, else the user's own data folder.</summary>
    /// <param name="root">A folder, or null.</param>
    /// <returns>A full path; the folder need not exist.</returns>
    public static string Resolve(string? root) => Resolve(root, Environment.GetEnvironmentVariable);

    // An empty variable counts as unset, as it does in a shell's ${NAME:-default}.
    internal static string Resolve(string? root, Func<string, string?> environment)
    {
        var named = root ?? environment(Variable);
        return Path.GetFullPath(string.IsNullOrEmpty(named) ? PerUser() : named);
    }

    // On Unix .NET answers ~/.local/share, or XDG_DATA_HOME where that is set.
    private static string PerUser() => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "fixupnet");
}
