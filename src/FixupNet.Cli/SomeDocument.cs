using System.Text.Json;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Sweeps;

namespace FixupNet.Cli;

/// <summary>A document of either kind: one training, or a sweep.</summary>
/// <param name="Kind">"train" or "sweep".</param>
/// <param name="Name">Its name.</param>
/// <param name="Hash">Six digits of what it runs.</param>
/// <param name="TrialCount">How many trainings it is.</param>
/// <param name="ResolvedJson">The document with every default filled in.</param>
internal sealed record SomeDocument(string Kind, string Name, string Hash, int TrialCount, string ResolvedJson)
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a document and finds out which kind it is.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ConfigException">It is invalid.</exception>
    public static SomeDocument Load(string file, IReadOnlyList<string> overrides, ConfigRegistries registries)
    {
        if (IsSweep(Inputs.RequireFile(file)))
        {
            var plan = SweepPlan.Load(file, overrides, registries);
            return new("sweep", plan.Name, plan.Hash6, plan.Trials.Count, plan.ResolvedJson);
        }
        var document = TrainDocument.Load(file, overrides, registries);
        return new("train", document.Config.Name, document.Hash[..6], 1, document.Json);
    }

    /// <summary>Reads the document of one training.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UsageException">It is a sweep's.</exception>
    /// <exception cref="ConfigException">It is invalid.</exception>
    public static TrainDocument LoadTrain(string file, IReadOnlyList<string> overrides, ConfigRegistries registries)
    {
        if (IsSweep(Inputs.RequireFile(file))) throw new UsageException($"{file} is a sweep document; run it with: fixupnet sweep run {file}");
        return TrainDocument.Load(file, overrides, registries);
    }

    // Only a sweep has a base; what is no JSON at all is left to the reader of train documents, which says where and why.
    private static bool IsSweep(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            using var json = JsonDocument.Parse(stream, Lenient);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && (json.RootElement.TryGetProperty("base", out _) || json.RootElement.TryGetProperty("grid", out _));
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
