using System.Text.Json.Nodes;
using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Display;

/// <summary>How far a sweep is: trials done of all, and the time that is left.</summary>
/// <remarks>A trial's work is taken as its epochs times its depth, which is how its time grows. Not safe for use by several threads.</remarks>
/// <param name="sweep">The sweep.</param>
/// <param name="plan">Its trials.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class SweepProgress(SweepDirectory sweep, IReadOnlyList<PlanLine> plan, TimeProvider clock)
{
    private readonly long _started = clock.GetTimestamp();
    private readonly double[] _epochs = new double[plan.Count];
    private readonly double[] _work = new double[plan.Count];
    private readonly bool[] _ended = new bool[plan.Count];
    private readonly IReadOnlyList<string> _studies = StudiesOf(sweep);
    private double[]? _before;

    /// <summary>The sweep on one line, and each trial that runs.</summary>
    /// <param name="running">The trials that this process runs.</param>
    public (string Text, double Share, IReadOnlyList<RunningTrial> Running) Read(IReadOnlyCollection<PlanLine> running)
    {
        var isFirst = _before is null;
        // An end is for good as long as this display lasts; it may also be another worker's. A network that is trained may still be asked studies.
        foreach (var line in plan) _ended[line.Index] = _ended[line.Index] || (!running.Contains(line) && sweep.Trial(line).IsEnded);
        List<RunningTrial> trials = [.. running.OrderBy(line => line.Index).Select(Read)];
        var done = _ended.Select(isEnded => isEnded ? 1.0 : 0.0).ToArray();
        // How long studies take beside training is known only of trials that have both behind them.
        if (_studies.Count == 0) foreach (var trial in trials) done[trial.Line.Index] = Math.Max(done[trial.Line.Index], trial.Share);
        if (isFirst)
        {
            foreach (var line in plan) (_epochs[line.Index], _work[line.Index]) = WorkOf(line);
            _before = done;
        }
        var share = Sum(done) / Math.Max(Sum(null), double.Epsilon);
        return ($"{_ended.Count(isEnded => isEnded)}/{plan.Count} trials done{Left(done)}", share, trials);
    }

    private double Sum(double[]? shares) => _work.Index().Sum(item => item.Item * (shares?[item.Index] ?? 1));

    private string Left(double[] done)
    {
        var (made, left) = (Sum(done) - Sum(_before), Sum(null) - Sum(done));
        return made <= 0 ? "" : $", {RunText.Seconds(clock.GetElapsedTime(_started).TotalSeconds * left / made)} left";
    }

    private RunningTrial Read(PlanLine line)
    {
        var trial = sweep.Trial(line);
        try
        {
            var status = trial.ReadStatus();
            var metrics = File.Exists(trial.MetricsFile) ? JsonLinesTail.ReadLast<MetricsLine>(trial.MetricsFile, hasHeader: false) : null;
            return new RunningTrial(line, Math.Max(status?.Epoch ?? 0, metrics?.Epoch ?? 0), EpochsOf(line), metrics?.Values.Loss, metrics?.Split) { Study = trial.IsEnded ? StudyAtWork(trial) : null };
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            // What cannot be read now may be next time, and no display is a reason to end a sweep.
            return new RunningTrial(line, 0, EpochsOf(line), null, null);
        }
    }

    // They are asked in order, and each has its folder until it has answered. In it is a folder for each of its trainings.
    private string? StudyAtWork(TrialDirectory trial)
    {
        if (_studies.Index().FirstOrDefault(study => Directory.Exists(trial.StudyWorkFolder(study.Item))) is not (var index, { } name)) return null;
        var trainings = new DirectoryInfo(trial.StudyWorkFolder(name)).GetDirectories();
        var count = _studies.Count > 1 ? $" ({index + 1} of {_studies.Count})" : "";
        return $"study {name}{count}{(trainings.Length > 0 ? $", training {trainings.Length}: {trainings.MaxBy(training => training.LastWriteTimeUtc)!.Name}" : "")}";
    }

    private static IReadOnlyList<string> StudiesOf(SweepDirectory sweep)
    {
        try
        {
            return [.. sweep.ReadStudies().Studies.Select(request => request.Study)];
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private double EpochsOf(PlanLine line)
    {
        if (_epochs[line.Index] == 0) (_epochs[line.Index], _work[line.Index]) = WorkOf(line);
        return _epochs[line.Index];
    }

    private (double Epochs, double Work) WorkOf(PlanLine line)
    {
        try
        {
            var document = JsonNode.Parse(File.ReadAllBytes(sweep.Trial(line).ConfigFile))!;
            var epochs = (double?)document["training"]?["epochs"] ?? 1;
            return (Math.Max(epochs, 1e-3), Math.Max(epochs, 1e-3) * ((double?)document["model"]?["depth"] ?? 1));
        }
        catch (Exception error) when (error is IOException or System.Text.Json.JsonException or InvalidOperationException or FormatException)
        {
            return (1, 1);
        }
    }
}

/// <summary>A trial that runs.</summary>
/// <param name="Line">The trial.</param>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Loss">The loss recorded last; null before the first.</param>
/// <param name="Split">Of which examples it is.</param>
internal sealed record RunningTrial(PlanLine Line, double Epoch, double Epochs, double? Loss, MetricsSplit? Split)
{
    /// <summary>The study that is asked of its network, which is trained; null for none.</summary>
    public string? Study { get; init; }

    /// <summary>The share of its training that is done, in [0, 1].</summary>
    public double Share => Math.Clamp(Epoch / Epochs, 0, 1);

    /// <inheritdoc/>
    public override string ToString() => Study ?? FormattableString.Invariant($"epoch {Epoch:F2}/{Epochs:0.##}")
        + (Loss is { } loss ? FormattableString.Invariant($"  {(Split == MetricsSplit.Test ? "test " : "")}loss {loss:F3}") : "");
}
