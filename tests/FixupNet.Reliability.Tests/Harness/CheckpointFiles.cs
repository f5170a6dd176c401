using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace FixupNet.Reliability.Tests.Harness;

/// <summary>Looks at a run's checkpoints while it is interrupted, by other means than the product's own.</summary>
internal static class CheckpointFiles
{
    /// <summary>Requires that what "latest" and "best" name is there, and that every checkpoint is what its manifest says.</summary>
    /// <param name="run">The run's folder.</param>
    /// <returns>What is wrong, or null.</returns>
    internal static string? ProblemWith(string run)
    {
        var checkpoints = Path.Combine(run, "checkpoints");
        if (!Directory.Exists(checkpoints)) return null;
        foreach (var pointer in (string[])["latest", "best"])
        {
            if (!File.Exists(Path.Combine(checkpoints, pointer))) continue;
            var name = File.ReadAllText(Path.Combine(checkpoints, pointer));
            if (!Directory.Exists(Path.Combine(checkpoints, name.Trim()))) return $"{pointer} names \"{name}\", which is not there";
        }
        return Directory.EnumerateDirectories(checkpoints, "step-*").Select(ProblemWithOne).FirstOrDefault(problem => problem is not null);
    }

    private static string? ProblemWithOne(string folder)
    {
        var manifest = Path.Combine(folder, "manifest.json");
        if (!File.Exists(manifest)) return $"{folder} has no manifest";
        foreach (var file in JsonNode.Parse(File.ReadAllText(manifest))!["files"]!.AsArray())
        {
            var path = Path.Combine(folder, file!["name"]!.GetValue<string>());
            if (!File.Exists(path)) return $"{path} is missing";
            var content = File.ReadAllBytes(path);
            if (content.Length != file["bytes"]!.GetValue<long>()) return $"{path} is {content.Length} bytes long";
            if (Convert.ToHexStringLower(SHA256.HashData(content)) != file["sha256"]!.GetValue<string>()) return $"{path} is damaged";
        }
        return null;
    }
}
