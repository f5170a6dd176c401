using FixupNet.Experiments.Configuration.Nodes;

namespace FixupNet.Experiments.Configuration;

/// <summary>Collects the errors of trials: one that several trials share is told once, with the first and how many.</summary>
internal sealed class TrialErrors
{
    // A broken base breaks ten thousand trials in the same thousand ways.
    private const int MaxOccurrences = 20_000;
    private const int MaxDistinct = 1_000;

    private readonly OrderedDictionary<ConfigError, (string FirstTrial, int Count)> _occurrences = [];
    private int _total;

    /// <summary>Whether so much is wrong that looking further tells nothing new.</summary>
    public bool IsFull => _total > MaxOccurrences || _occurrences.Count > MaxDistinct;

    public bool IsEmpty => _total == 0;

    public void Add(string trial, IEnumerable<ConfigError> errors) => Add([trial], errors);

    public void Add(IReadOnlyList<string> trials, IEnumerable<ConfigError> errors)
    {
        // A set: within a trial the same error counts once.
        foreach (var error in errors.Distinct())
        {
            _total += trials.Count;
            _occurrences[error] = _occurrences.TryGetValue(error, out var known) ? (known.FirstTrial, known.Count + trials.Count) : (trials[0], trials.Count);
        }
    }

    /// <summary>The errors, each saying which of the trials has it; a training that is no trial has no name and needs no saying.</summary>
    public IEnumerable<ConfigError> Told(int trialCount)
    {
        foreach (var (error, (firstTrial, count)) in _occurrences)
        {
            var others = count > 1 ? $" and {count - 1} more" : "";
            var trials = firstTrial.Length == 0 ? "" : count == trialCount ? " In every trial." : $" In trial {firstTrial}{others}.";
            yield return error with { Message = $"{error.Message}{trials}" };
        }
    }
}
