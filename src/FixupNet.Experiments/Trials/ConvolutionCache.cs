using System.Text.Json;
using FixupNet.Engine;
using FixupNet.Runs;
using FixupNet.Runs.Files;

namespace FixupNet.Experiments.Trials;

/// <summary>
/// Remembers which convolution algorithms were the fastest on this machine: measured once, so that later runs take the same and repeat bit for bit.
/// </summary>
/// <param name="file">A JSON file; made where missing.</param>
internal sealed class ConvolutionCache(string file)
{
    private sealed record Content(string Machine, IReadOnlyList<ConvolutionChoice> Choices);

    /// <summary>That of this user: fixupnet/convolutions.json under $XDG_CACHE_HOME, else under ~/.cache or the system's equivalent.</summary>
    internal static ConvolutionCache OfUser()
    {
        var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set
            : OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return new ConvolutionCache(Path.Combine(root, "fixupnet", "convolutions.json"));
    }

    /// <summary>What happened to the file, for the log.</summary>
    internal string Story { get; private set; } = "not read";

    // Another processor or library has other fastest algorithms.
    internal static string Machine => $"{HostMachine.ProcessorName}; {DepthFirstEngine.InstructionSet}; oneDNN {DepthFirstEngine.LibraryVersion}";

    /// <summary>The choices known for this machine; none where there is no file, or another machine's, or a damaged one.</summary>
    internal IReadOnlyList<ConvolutionChoice> Load()
    {
        try
        {
            var content = JsonSerializer.Deserialize<Content>(File.ReadAllText(file), RunJson.Indented);
            if (content?.Machine == Machine) return content.Choices;
            Story = $"measured: {file} is another machine's";
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            Story = "measured";
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            Story = $"measured: {file} cannot be read: {error.Message}";
        }
        return [];
    }

    /// <summary>Adds choices that were measured to the file; one that cannot be written is told in <see cref="Story"/>, and changes nothing else.</summary>
    /// <param name="known">What <see cref="Load"/> gave.</param>
    /// <param name="inUse">What the engine uses.</param>
    internal void Keep(IReadOnlyList<ConvolutionChoice> known, IReadOnlyList<ConvolutionChoice> inUse)
    {
        var measured = inUse.Where(choice => choice.Seconds > 0).ToList();
        if (measured.Count == 0)
        {
            Story = $"as measured before, in {file}";
            return;
        }
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            DurableFile.WriteAllText(file, JsonSerializer.Serialize(new Content(Machine, [.. known, .. measured]), RunJson.Indented));
            Story += $", kept in {file}";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Story += $", not kept: {error.Message}";
        }
    }
}
