namespace FixupNet.Experiments.Sweeps;

/// <summary>How a trial's process ended.</summary>
/// <param name="Code">Its exit code; 128 + the signal where one ended it.</param>
/// <param name="LastErrorLines">The end of what it wrote to its standard error, oldest line first.</param>
/// <param name="WasOutOfMemory">Whether the system killed it for want of memory.</param>
public sealed record TrialExit(int Code, IReadOnlyList<string> LastErrorLines, bool WasOutOfMemory = false);
