namespace FixupNet.Runs.Checkpoints;

/// <summary>A checkpoint that cannot be used.</summary>
/// <param name="Folder">Its folder; that which it was moved to where it was set aside.</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="IsIntact">Whether only the run's logs are damaged.</param>
public sealed record DamagedCheckpoint(string Folder, string Problem, bool IsIntact = false);
