using System.Globalization;
using System.Text.Json;
using FixupNet.Runs.Files;
using FixupNet.Runs.Records;

namespace FixupNet.Runs.TensorBoard;

/// <summary>Writes a run's records into an event file for TensorBoard.</summary>
/// <remarks>Few tags, however many layers: the task's metrics, learning rate, speed, the whole gradient's norm, and over the layers one
/// histogram of log10 of their norms, for norms of deep networks span dozens of decades; zeros and what is not finite are counted beside
/// it.</remarks>
public sealed class TensorBoardRun : IDisposable
{
    private readonly FileStream _stream;
    private readonly EventFile _file;
    private readonly Func<DateTimeOffset> _now;

    /// <summary>Begins an event file.</summary>
    /// <param name="folder">The run's folder for TensorBoard, created where missing; each file in it continues those before.</param>
    /// <param name="now">Tells the time of events.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public TensorBoardRun(string folder, Func<DateTimeOffset> now)
    {
        Directory.CreateDirectory(folder);
        _now = now;
        // TensorBoard takes files by this name and reads them in its order.
        var name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{now().ToUnixTimeSeconds():D10}.fixupnet");
        FileName = name;
        for (var count = 1; File.Exists(Path.Combine(folder, FileName)); count++) FileName = $"{name}.{count}";
        _stream = new FileStream(Path.Combine(folder, FileName), FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        _file = new EventFile(_stream, Seconds());
    }

    /// <summary>Name of the event file.</summary>
    public string FileName { get; }

    /// <summary>Forces every event to the device.</summary>
    /// <returns>Length of the file in bytes.</returns>
    /// <exception cref="IOException">The device reported an error.</exception>
    public long Sync()
    {
        DurableFile.Sync(_stream);
        return _stream.Length;
    }

    /// <summary>Writes the settings, for the table of hyperparameters.</summary>
    /// <param name="config">The run's configuration, an object.</param>
    public void Start(JsonElement config) => _file.Write(Seconds(), 0, HyperParameters.SessionStart(config, Seconds()));

    /// <summary>Writes a line of metrics.</summary>
    /// <param name="line">The line.</param>
    public void Add(MetricsLine line)
    {
        var split = line.Split == MetricsSplit.Train ? "train" : "test";
        (string Tag, double? Value)[] values =
        [
            .. line.Values.Select(metric => (metric.Name, (double?)metric.Value)), ("gradientNorm", line.GradientNorm), ("learningRate", line.LearningRate),
            ("imagesPerSecond", line.ImagesPerSecond), ("examplesPerSecond", line.ExamplesPerSecond), ("waitedShare", line.WaitedShare),
        ];
        _file.Write(Seconds(), line.Step, values.Where(pair => pair.Value is not null).Select(pair => SummaryValue.Scalar($"{split}/{pair.Tag}", pair.Value!.Value)));
    }

    /// <summary>Writes the gradient norms of a step.</summary>
    /// <param name="line">The line.</param>
    public void Add(GradientNormsLine line)
    {
        double[] logarithms = [.. line.Norms.Where(norm => norm > 0 && double.IsFinite(norm)).Select(Math.Log10)];
        List<ProtobufMessage> values =
        [
            SummaryValue.Scalar("gradientNorms/layersAtZero", line.Norms.Count(norm => norm == 0)),
            SummaryValue.Scalar("gradientNorms/layersNotFinite", line.Norms.Count(norm => !double.IsFinite(norm))),
        ];
        if (logarithms.Length > 0) values.Add(SummaryValue.Histogram("gradientNorms/log10", logarithms));
        _file.Write(Seconds(), line.Step, values);
    }

    /// <summary>Writes how the run ended.</summary>
    /// <param name="state">How.</param>
    /// <param name="steps">Optimizer steps done.</param>
    public void End(TrialState state, long steps) =>
        _file.Write(Seconds(), steps, HyperParameters.SessionEnd(state is TrialState.Completed or TrialState.Stopped, Seconds()));

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private double Seconds() => _now().ToUnixTimeMilliseconds() / 1000.0;
}
