using System.Text.Json;

namespace FixupNet.Runs.Records;

/// <summary>One line of plan.jsonl: one trial of a sweep.</summary>
/// <param name="Index">Number of the trial, from 0.</param>
/// <param name="Name">Name for people, such as "depth=110,variant=fixup,seed=1".</param>
/// <param name="Directory">Name of its folder under trials/.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Overrides">Its values of the grid's keys, in the order of the grid.</param>
public sealed record PlanLine(int Index, string Name, string Directory, long Seed, IReadOnlyDictionary<string, JsonElement> Overrides);
