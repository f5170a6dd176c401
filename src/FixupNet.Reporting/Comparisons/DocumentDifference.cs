namespace FixupNet.Reporting.Comparisons;

/// <summary>Something in which the two sides of a comparison differ beside the key that is compared.</summary>
/// <param name="Key">A key of the trials' documents, such as "initialization.name", or what they ran on, such as "env.commit".</param>
/// <param name="Baseline">The baseline's value; several with "; " between them; null where it has none.</param>
/// <param name="Other">The other side's.</param>
public sealed record DocumentDifference(string Key, string? Baseline, string? Other);
