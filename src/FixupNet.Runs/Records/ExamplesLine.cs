namespace FixupNet.Runs.Records;

/// <summary>One step of a training, by its examples: as they were classified in their augmented form, in training mode, before the update.</summary>
/// <param name="Step">Updates the weights had.</param>
/// <param name="Right">Indices of those that were classified right.</param>
/// <param name="Wrong">Indices of those that were not.</param>
public sealed record ExamplesLine(long Step, IReadOnlyList<int> Right, IReadOnlyList<int> Wrong);
