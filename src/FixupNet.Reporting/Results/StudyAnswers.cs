using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Results;

/// <summary>What one study found out about trained networks.</summary>
/// <param name="Study">Name of the study.</param>
/// <param name="Records">The answers there are.</param>
internal sealed record StudyAnswers(string Study, IReadOnlyDictionary<SweepTrial, StudyRecord> Records)
{
    /// <summary>The answers of a group's trials, in the order of its trials.</summary>
    public IReadOnlyList<(SweepTrial Trial, StudyRecord Record)> Of(SweepGroup group) =>
        [.. group.Trials.Where(Records.ContainsKey).Select(trial => (trial, Records[trial]))];

    /// <summary>Reads all answers, by the names of the studies.</summary>
    /// <exception cref="InvalidDataException">A record is damaged.</exception>
    public static IReadOnlyList<StudyAnswers> Read(SweepResults results) =>
    [
        .. results.Groups.SelectMany(group => group.Trials).SelectMany(trial => In(trial.Directory.StudiesFolder).Select(record => (Trial: trial, Record: record)))
            .GroupBy(item => item.Record.Study).OrderBy(study => study.Key, StringComparer.Ordinal)
            .Select(study => new StudyAnswers(study.Key, study.ToDictionary(item => item.Trial, item => item.Record))),
    ];

    /// <summary>What studies of a sweep as a whole found, by the names of the studies.</summary>
    /// <exception cref="InvalidDataException">A record is damaged.</exception>
    public static IReadOnlyList<StudyRecord> OfSweep(SweepDirectory sweep) => [.. In(sweep.StudiesFolder).OrderBy(record => record.Study, StringComparer.Ordinal)];

    // A copy under another name is no second answer.
    private static IEnumerable<StudyRecord> In(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*.json").Select(file => (File: file, Record: Read(file)))
            .Where(item => Path.GetFileNameWithoutExtension(item.File) == item.Record.Study).Select(item => item.Record)
        : [];

    private static StudyRecord Read(string file)
    {
        var record = RunJson.ReadFile<StudyRecord>(file);
        foreach (var curve in record.Curves) Check(curve.Xs.Count == curve.Ys.Count, curve.Name);
        foreach (var matrix in record.Matrices ?? [])
            Check(matrix.Values.Count == matrix.RowNames.Count && matrix.Values.All(row => row.Count == matrix.ColumnNames.Count), matrix.Name);
        foreach (var pictures in record.Pictures ?? [])
        {
            Check(pictures is { Width: > 0, Height: > 0 } && pictures.Pixels.Count == pictures.RowNames.Count
                && pictures.Pixels.All(row => row.Count == pictures.ColumnNames.Count && row.All(HasItsSize)), pictures.Name);
            bool HasItsSize(byte[] pixels) => pixels.Length == (long)pictures.Width * pictures.Height || pixels.Length == 3L * pictures.Width * pictures.Height;
        }
        return record;

        void Check(bool isWhole, string name)
        {
            if (!isWhole) throw new InvalidDataException($"{file}: \"{name}\" has not as many values as names.");
        }
    }
}
