namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>A reader of bytes from outside.</summary>
/// <param name="Name">Its name; that of its folder in the corpus.</param>
/// <param name="Read">Reads the bytes to their end.</param>
/// <param name="IsRefusal">Whether an exception is one that the reader documents for bytes that are no good.</param>
/// <param name="Samples">Sound inputs.</param>
/// <param name="Words">Bytes that mean something to it.</param>
/// <param name="GoalMilliseconds">How long it may take.</param>
internal sealed record FuzzTarget(
    string Name, Action<byte[]> Read, Func<Exception, bool> IsRefusal, IReadOnlyList<byte[]> Samples, IReadOnlyList<byte[]> Words, int GoalMilliseconds = 100);
