using System.Globalization;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Trials of a sweep picked by hand: by number, range or name, by state, or by both.</summary>
/// <param name="Trials">"3", "0-5", a name, or "all"; several joined by commas. Empty for every trial.</param>
/// <param name="States">States; empty for every one.</param>
public sealed record TrialChoice(IReadOnlyList<string> Trials, IReadOnlyList<TrialState> States)
{
    private const int ShownCharacters = 100;

    /// <summary>Whether nothing was picked.</summary>
    public bool IsEmpty => Trials.Count + States.Count == 0;

    /// <summary>Finds the trials.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="plan">Its trials.</param>
    /// <returns>Those that are picked, in the order of the plan.</returns>
    /// <exception cref="TrialChoiceException">No trial has a number or name that was given.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public IReadOnlyList<PlanLine> Of(SweepDirectory sweep, IReadOnlyList<PlanLine> plan)
    {
        var chosen = Trials.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries)).SelectMany(word => Of(word, plan)).ToHashSet();
        return
        [
            .. plan.Where(line => Trials.Count == 0 || chosen.Contains(line.Index))
                .Where(line => States.Count == 0 || States.Contains(TrialStates.Read(sweep.Trial(line)))),
        ];
    }

    private static IEnumerable<int> Of(string word, IReadOnlyList<PlanLine> plan)
    {
        if (word == "all") return plan.Select(line => line.Index);
        if (Range(word) is var (first, last))
            return first <= last && last < plan.Count ? Enumerable.Range(first, last - first + 1) : throw Unknown(word, plan);
        List<int> named = [.. plan.Where(line => line.Name == word || line.Directory == word).Select(line => line.Index)];
        return named.Count > 0 ? named : throw Unknown(word, plan);
    }

    private static (int First, int Last)? Range(string word)
    {
        var parts = word.Split('-');
        if (parts.Length > 2 || !TryParse(parts[0], out var first)) return null;
        return TryParse(parts[^1], out var last) ? (first, last) : null;
    }

    private static bool TryParse(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static TrialChoiceException Unknown(string word, IReadOnlyList<PlanLine> plan) => new(
        $"--trial is \"{PrintableText.Shortened(word, ShownCharacters)}\"; must be a number from 0 to {plan.Count - 1}, a range such as 0-{plan.Count - 1}, "
        + "or the name of a trial, as \"sweep status\" lists them.");
}

/// <summary>A sweep has no such trial.</summary>
/// <param name="message">What was given and what is allowed.</param>
public sealed class TrialChoiceException(string message) : Exception(message);
