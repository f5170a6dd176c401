using FixupNet.Runs.Json;

namespace FixupNet.Runs.Checkpoints;

/// <summary>A checkpoint on disk whose files were found intact.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Manifest">What it consists of.</param>
public sealed record Checkpoint(string Folder, CheckpointManifest Manifest)
{
    /// <summary>The network's parameters and buffers.</summary>
    public const string ModelFile = "model.safetensors";

    /// <summary>The moving average of parameters and buffers; there only where the configuration asks for one.</summary>
    public const string AverageFile = "average.safetensors";

    /// <summary>What the optimizer remembers.</summary>
    public const string OptimizerFile = "optimizer.safetensors";

    /// <summary>Where training stood; a <see cref="CheckpointState"/>.</summary>
    public const string StateFile = "state.json";

    // A manifest of a hundred logs is a few kilobytes long. What is far longer is none, and must not fill the memory.
    private const int MaxManifestBytes = 1 << 24;

    /// <summary>Name of the folder.</summary>
    public string Name => Path.GetFileName(Folder);

    /// <summary>Path of one of its files.</summary>
    /// <param name="name">The file's name.</param>
    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Reads where training stood.</summary>
    /// <exception cref="InvalidDataException">The file holds something else, or a number that no run can have.</exception>
    public CheckpointState ReadState()
    {
        var state = RunJson.ReadFile<CheckpointState>(PathOf(StateFile));
        return CheckpointLimits.ProblemOf(state) is { } problem ? throw new InvalidDataException($"{PathOf(StateFile)}: {problem}.") : state;
    }

    /// <summary>Reads a checkpoint's manifest and checks every file against it.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <exception cref="InvalidDataException">Something is missing, damaged or of another version; says what.</exception>
    public static Checkpoint Verify(string folder)
    {
        var path = Path.Combine(folder, CheckpointManifest.FileName);
        if (!File.Exists(path)) throw new InvalidDataException($"{path}: is missing.");
        if (new FileInfo(path).Length > MaxManifestBytes) throw new InvalidDataException($"{path}: is over {MaxManifestBytes} bytes long.");
        var manifest = CheckpointManifest.Parse(File.ReadAllBytes(path), path);
        foreach (var name in (string[])[ModelFile, OptimizerFile, StateFile])
            if (manifest.Files.All(file => file.Name != name)) throw new InvalidDataException($"{path}: does not list {name}.");
        foreach (var file in manifest.Files) Verify(folder, file);
        return new Checkpoint(folder, manifest);
    }

    private static void Verify(string folder, CheckpointFile file)
    {
        var path = Path.Combine(folder, file.Name);
        if (!File.Exists(path)) throw new InvalidDataException($"{path}: is missing.");
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (stream.Length != file.Bytes) throw new InvalidDataException($"{path}: is {stream.Length} bytes long where {file.Bytes} were written.");
        if (Checksums.Of(stream) != file.Sha256) throw new InvalidDataException($"{path}: does not match its checksum.");
    }
}
