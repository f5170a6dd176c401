using FixupNet.Registries;

namespace FixupNet.Experiments.Launchers;

/// <summary>What workers are started for and by which program.</summary>
/// <param name="Folder">Full path of the sweep's folder.</param>
/// <param name="Program">The program's command: its full path, after that of the runtime where it needs one.</param>
public sealed record LaunchedSweep(string Folder, IReadOnlyList<string> Program) : IValidatedOptions
{
    /// <summary>Name of the sweep's folder.</summary>
    public string Name => Path.GetFileName(Folder);

    /// <summary>The sweep in a folder, for workers that run this program.</summary>
    /// <param name="folder">The sweep's folder.</param>
    public static LaunchedSweep ByThisProgram(string folder) =>
        new(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), Processes.OwnProgram.Command);

    /// <summary>The command line of a worker that ends when there is no trial left to begin.</summary>
    /// <param name="cpus">Threads it computes with.</param>
    public IReadOnlyList<string> WorkerArguments(int cpus) =>
        ["sweep", "worker", Folder, "--no-wait", "--threads", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{cpus}")];

    /// <inheritdoc/>
    public IEnumerable<(string Member, string Message)> Validate() =>
    [
        .. LaunchProblems.OfText(nameof(Folder), Folder, LaunchValue.FullPath),
        .. Program.SelectMany(word => LaunchProblems.OfText(nameof(Program), word, LaunchValue.FullPath)),
    ];
}
