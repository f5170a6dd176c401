namespace FixupNet.Experiments.Configuration.Nodes;

/// <summary>What a check found.</summary>
/// <param name="Key">The key at fault, joined by dots: "schedule.warmupEpochs".</param>
/// <param name="Message">What was given, what is allowed and what to do, beginning with a verb.</param>
/// <param name="Kind">What it means.</param>
public sealed record DocumentProblem(string Key, string Message, ProblemKind Kind = ProblemKind.Invalid);
