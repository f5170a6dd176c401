namespace FixupNet.Reliability.Tests.Harness;

/// <summary>A run that nobody disturbed.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Duration">How long it took, from the start of its process to its end.</param>
/// <param name="Fingerprint">What other runs of the same must have in common with it.</param>
internal sealed record UndisturbedRun(string Folder, TimeSpan Duration, RunFingerprint Fingerprint)
{
    private Lazy<IReadOnlyList<SyscallPoint>> _points = null!;

    /// <summary>The system calls on files that it makes, in their order.</summary>
    internal IReadOnlyList<SyscallPoint> Points => _points.Value;

    /// <summary>Trains.</summary>
    /// <param name="folder">A folder for it.</param>
    /// <param name="changes">Changes to <see cref="TinyTrial.Document"/>, and options.</param>
    internal static UndisturbedRun Make(string folder, IReadOnlyList<string> changes)
    {
        Directory.CreateDirectory(folder);
        var (document, run, traced) = (Path.Combine(folder, "tiny.json"), Path.Combine(folder, "run"), Path.Combine(folder, "traced"));
        File.WriteAllText(document, TinyTrial.Document);
        var started = TimeProvider.System.GetTimestamp();
        var process = Child.Run(TinyTrial.Command(document, run, changes));
        var duration = TimeProvider.System.GetElapsedTime(started);
        Assert.That(process.ExitCode, Is.Zero, process.Error);
        return new UndisturbedRun(run, duration, RunFingerprint.Of(run))
        {
            _points = new Lazy<IReadOnlyList<SyscallPoint>>(() => Strace.PointsOf(traced, TinyTrial.Command(document, traced, changes))),
        };
    }
}
