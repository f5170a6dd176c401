using System.Text.Json.Nodes;

namespace FixupNet.Experiments.Sweeps;

/// <summary>What the cost of a training step depends on beside depth: trials of one shape are measured together.</summary>
internal static class MeasuredShape
{
    // Neither time nor memory of a step depends on these.
    private static readonly string[] s_without = ["name", "about", "seed", "initialization", "schedule", "checkpoint", "stop"];
    private static readonly string[] s_withoutOfTraining = ["epochs", "evaluateEveryEpochs", "memoryBudget"];

    /// <summary>Equal for trials of the same shape.</summary>
    internal static string Key(TrialPlan trial)
    {
        var document = JsonNode.Parse(trial.ConfigJson)!.AsObject();
        foreach (var key in s_without) document.Remove(key);
        foreach (var key in s_withoutOfTraining) document["training"]!.AsObject().Remove(key);
        document["model"]!.AsObject().Remove("depth");
        return document.ToJsonString();
    }

    /// <summary>The model's depth; null for a model that has no such option.</summary>
    internal static int? Depth(TrialPlan trial) => (int?)JsonNode.Parse(trial.ConfigJson)!["model"]!["depth"];

    /// <summary>The changes that make a trial's document one to measure at a depth.</summary>
    /// <remarks>Weights of the fixup scheme keep every network finite, so that a network bound to diverge is measured like the others.</remarks>
    internal static IReadOnlyList<string> Overrides(int? depth)
    {
        string[] always = ["initialization={\"name\":\"fixup\"}"];
        return depth is { } layers ? [.. always, $"model.depth={layers}"] : always;
    }
}
