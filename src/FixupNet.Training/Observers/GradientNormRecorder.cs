using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Training.Observers;

/// <summary>Writes gradient-norms.jsonl: the layers' names once, then the L2 norm of every layer's gradient at chosen steps.</summary>
/// <remarks>"step" is the number of updates the weights had when the gradient was measured: 0 is the initialization itself. A file that an
/// older version began goes on as it began.</remarks>
public sealed class GradientNormRecorder : TrainingObserver, ITrainingLog
{
    private readonly JsonLinesWriter _lines;
    private readonly int _everySteps;
    private readonly Action<GradientNormsLine>? _written;
    private readonly bool _isOld;

    /// <summary>Opens the file and writes its first line, if it has none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layers">Names in forward order.</param>
    /// <param name="everySteps">Steps between lines.</param>
    /// <param name="keepBytes">Length to cut the file back to, that at a checkpoint; null keeps every intact line.</param>
    /// <param name="written">Takes every line of norms as well; null for nobody.</param>
    /// <exception cref="InvalidDataException">The file is shorter than keepBytes, or no line ends there.</exception>
    public GradientNormRecorder(
        string path, IReadOnlyList<string> layers, int everySteps, long? keepBytes = null, Action<GradientNormsLine>? written = null)
    {
        (_lines, _everySteps, _written) = (new JsonLinesWriter(path, keepBytes), everySteps, written);
        if (_lines.Position == 0) _lines.Write(new GradientNormsHeader(layers, GradientNormsHeader.CurrentFormat));
        else _isOld = IsOld(path);
    }

    /// <inheritdoc/>
    public long Sync() => _lines.Sync();

    /// <inheritdoc/>
    public override void OnStep(StepReport report)
    {
        // A step that went wrong is recorded whatever its number: it is the one to look at.
        if (report.UpdatesMade % _everySteps != 0 && report.Result.Failure is null) return;
        var norms = report.Result.Norms;
        var line = new GradientNormsLine(report.UpdatesMade, _isOld ? report.EpochsDone : report.Epoch, norms.Total, norms.Norms);
        _lines.Write(line);
        _written?.Invoke(line);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _lines.Dispose();

    private static bool IsOld(string path)
    {
        using var reader = new JsonLinesReader(path);
        return reader.Read<GradientNormsHeader>()?.Format is null;
    }
}
