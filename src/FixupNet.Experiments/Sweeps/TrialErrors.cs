using FixupNet.Experiments.Configuration;

namespace FixupNet.Experiments.Sweeps;

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

    public void Add(string trial, IEnumerable<ConfigError> errors)
    {
        // A set: within a trial the same error counts once.
        foreach (var error in errors.Distinct())
        {
            _total++;
            _occurrences[error] = _occurrences.TryGetValue(error, out var known) ? (known.FirstTrial, known.Count + 1) : (trial, 1);
        }
    }

    /// <summary>Hands the errors over, each saying which of the trials has it.</summary>
    public void MoveTo(ConfigErrors errors, int trialCount)
    {
        foreach (var (error, (firstTrial, count)) in _occurrences)
        {
            var others = count > 1 ? $" and {count - 1} more" : "";
            var trials = count == trialCount ? "In every trial." : $"In trial {firstTrial}{others}.";
            errors.Add(error with { Message = $"{error.Message} {trials}" });
        }
    }
}
