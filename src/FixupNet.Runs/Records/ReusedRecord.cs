namespace FixupNet.Runs.Records;

/// <summary>Content of reused.json: the trial was not trained in this sweep, but copied from another one that holds the same trial.</summary>
/// <param name="From">The other trial's folder, a full path.</param>
/// <param name="Sweep">Name of the other sweep's folder.</param>
/// <param name="At">When it was copied.</param>
/// <param name="State">What state it was in: ended, or left off and continued here.</param>
public sealed record ReusedRecord(string From, string Sweep, DateTimeOffset At, TrialState State);
