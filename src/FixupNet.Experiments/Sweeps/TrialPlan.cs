using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;

namespace FixupNet.Experiments.Sweeps;

/// <summary>One trial of a sweep, valid and complete.</summary>
/// <param name="Index">Its position in the plan, counted from 0.</param>
/// <param name="ShortName">A name for people out of [a-z0-9.=-], at most 80 characters; not always unique.</param>
/// <param name="Hash8">The first 8 hexadecimal digits of the SHA-256 of <paramref name="ConfigJson"/>.</param>
/// <param name="Overrides">The grid's keys, in order, and this trial's values as written.</param>
/// <param name="Seed">This trial's seed.</param>
/// <param name="ConfigJson">The canonical resolved train document, enough to run the trial alone.</param>
/// <param name="Config">The bound records.</param>
public sealed record TrialPlan(
    int Index,
    string ShortName,
    string Hash8,
    IReadOnlyDictionary<string, JsonNode?> Overrides,
    long Seed,
    string ConfigJson,
    TrainConfig Config);
