using System.Text.Json.Nodes;
using FixupNet.Experiments.Trials;
using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Keeps the trials of a sweep to the same starting weights: a file that changes between two trials would silently mix two
/// experiments.</summary>
/// <param name="sweep">The sweep.</param>
internal sealed class StartingWeights(SweepDirectory sweep)
{
    private readonly WeightsRecord? _known = RunJson.ReadFileIfExists<WeightsRecord>(sweep.WeightsFile);
    private readonly Dictionary<string, (DateTime WrittenAt, long Bytes, string Sha256)> _hashed = [];

    /// <summary>Writes down which files the trials of a new sweep start from.</summary>
    /// <param name="sweep">The sweep's folder.</param>
    /// <param name="plan">The sweep.</param>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static void Record(SweepDirectory sweep, SweepPlan plan)
    {
        var files = plan.Trials.Select(trial => trial.Config.Initialization.Weights).OfType<string>().Distinct().Where(File.Exists).ToList();
        if (files.Count > 0) RunJson.WriteFile(sweep.WeightsFile, new WeightsRecord(files.ToDictionary(file => file, WeightFiles.Digest)));
    }

    /// <summary>Refuses a sweep whose weights have changed since it was written.</summary>
    /// <exception cref="InvalidDataException">They have.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public void RequireUnchanged()
    {
        foreach (var file in _known?.Sha256.Keys ?? [])
            if (ProblemOf(file) is { } problem) throw new InvalidDataException(problem);
    }

    /// <summary>What is wrong with the weights that a trial is to start from.</summary>
    /// <param name="trial">The trial, with its configuration.</param>
    /// <returns>The problem; null where there is none.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public string? ProblemOf(TrialDirectory trial)
    {
        if (_known is null) return null;
        var weights = (string?)JsonNode.Parse(File.ReadAllBytes(trial.ConfigFile))?["initialization"]?["weights"];
        return weights is null ? null : ProblemOf(weights);
    }

    // A file that is not there is told by whoever opens it.
    private string? ProblemOf(string file)
    {
        if (_known?.Sha256.GetValueOrDefault(file) is not { } expected || !File.Exists(file)) return null;
        var digest = Known(file);
        if (digest == expected) return null;
        return $"{file} has changed since this sweep was written: its SHA-256 was {expected[..12]}... and is {digest[..12]}..., and trials would start from different "
            + "weights. Put the file back, or run the sweep's document into another --output.";
    }

    private string Known(string file)
    {
        lock (_hashed)
        {
            var information = new FileInfo(file);
            if (_hashed.TryGetValue(file, out var known) && (known.WrittenAt, known.Bytes) == (information.LastWriteTimeUtc, information.Length)) return known.Sha256;
            var digest = WeightFiles.Digest(file);
            _hashed[file] = (information.LastWriteTimeUtc, information.Length, digest);
            return digest;
        }
    }
}
