using FixupNet.Training;
using FixupNet.Training.Tasks;
using Serilog;

namespace FixupNet.Experiments.Trials;

/// <summary>Tells the log of files that are left out, each once, and at the end how long steps waited for examples.</summary>
/// <param name="task">Reads examples while the network trains.</param>
/// <param name="before">Time in steps before this process.</param>
/// <param name="log">The log.</param>
internal sealed class ReadingLog(ITask task, TimeSpan before, ILogger log) : TrainingObserver
{
    private readonly HashSet<string> _told = [];
    private TimeSpan? _elapsed;

    /// <inheritdoc/>
    public override void OnStep(StepReport report)
    {
        _elapsed = report.Elapsed;
        TellLeftOut();
    }

    /// <inheritdoc/>
    public override void OnEvaluated(EvaluationReport report) => TellLeftOut();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        var seconds = _elapsed is { } elapsed ? (elapsed - before).TotalSeconds : 0;
        if (seconds > 0) log.Information("Steps waited for images {Share:P1} of their time", Math.Min(1, task.Reading!.Waited.TotalSeconds / seconds));
        if (_told.Count > 0) log.Warning("{Count} images were left out, for their files cannot be decoded", _told.Count);
    }

    private void TellLeftOut()
    {
        var leftOut = task.Reading!.LeftOut;
        if (leftOut.Count == _told.Count) return;
        foreach (var (path, problem) in leftOut.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            if (_told.Add(path)) log.Warning("{Path} {Problem}: it is left out", path, problem);
    }
}
