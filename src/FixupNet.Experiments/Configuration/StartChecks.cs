using FixupNet.Experiments.Configuration.Nodes;

namespace FixupNet.Experiments.Configuration;

/// <summary>What the trainings of a document need to start, found out when asked: each thing once, however many trainings need it.</summary>
public sealed class StartChecks
{
    private readonly IReadOnlyList<IStartCheck> _checks;
    private readonly Dictionary<(IStartCheck Check, object Subject), Need> _needs = [];
    private readonly List<string> _names = [];

    internal StartChecks(IReadOnlyList<IStartCheck> checks) => _checks = checks;

    // The first training that needs it stands for all of them.
    private sealed record Need(TrainConfig Config, ConfigObject Resolved, List<int> Trainings);

    /// <summary>Finds what is missing.</summary>
    /// <param name="device">Where it is to be trained: auto, cpu, cuda or cuda:N.</param>
    /// <param name="progressOf">How far each training has come, by its index; null where all are to begin.</param>
    /// <returns>The problems; of a sweep each says which trials it concerns.</returns>
    public IReadOnlyList<ConfigError> Find(string device = "auto", Func<int, TrainingProgress>? progressOf = null)
    {
        var found = new TrialErrors();
        var progress = _names.Select((_, index) => progressOf?.Invoke(index) ?? TrainingProgress.New).ToList();
        foreach (var ((check, _), need) in _needs)
        {
            var concerned = need.Trainings.Where(index => progress[index] == TrainingProgress.New || (check.ConcernsContinuedRuns && progress[index] == TrainingProgress.Begun)).ToList();
            if (concerned.Count == 0) continue;
            var errors = new ConfigErrors();
            foreach (var problem in check.Find(need.Config, device)) errors.Add(need.Resolved, problem);
            found.Add([.. concerned.Select(index => _names[index])], [.. errors.All, .. errors.Warnings]);
        }
        return [.. found.Told(progress.Count(state => state != TrainingProgress.Ended))];
    }

    /// <summary>Notes what a training needs.</summary>
    /// <param name="name">The trial's name; empty for a document that is one training.</param>
    /// <param name="config">The training.</param>
    /// <param name="resolved">The document it was bound from.</param>
    internal void Note(string name, TrainConfig config, ConfigObject resolved)
    {
        foreach (var check in _checks)
        {
            if (check.Subject(config) is not { } subject) continue;
            if (!_needs.TryGetValue((check, subject), out var need)) _needs[(check, subject)] = need = new Need(config, resolved, []);
            need.Trainings.Add(_names.Count);
        }
        _names.Add(name);
    }
}
