namespace FixupNet.Training.Tasks;

/// <summary>How reading examples while a network trains has gone.</summary>
/// <param name="Waited">How long training has waited for examples.</param>
/// <param name="LeftOut">Files that could not be read and were left out, and what is wrong with each.</param>
public sealed record ReadingReport(TimeSpan Waited, IReadOnlyDictionary<string, string> LeftOut);
