using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Comparisons;

/// <summary>A trial that does not count in a comparison.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Reason">Why it does not count.</param>
public sealed record LeftOutTrial(string Name, TrialState State, string Reason);
