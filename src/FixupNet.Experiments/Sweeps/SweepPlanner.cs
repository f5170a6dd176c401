using System.Globalization;
using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Expands a sweep into trials and checks every one of them.</summary>
internal sealed class SweepPlanner(TrainSchema train, SweepConfig sweep)
{
    private readonly ShortName _shortName = new(sweep.Grid);
    private readonly TrialErrors _trialErrors = new();
    private readonly List<TrialPlan> _trials = [];
    private int _checkedCount;

    /// <exception cref="ConfigException">There are no trials or too many, or some are invalid.</exception>
    public IReadOnlyList<TrialPlan> Plan()
    {
        var errors = new ConfigErrors();
        var count = sweep.Grid.Aggregate((double)sweep.Seeds.Count, (product, axis) => product * axis.Values.Count);
        var shownCount = count.ToString("F0", CultureInfo.InvariantCulture);
        if (count > SweepPlan.MaxTrials)
            errors.Add(sweep.Name.Place, "grid", $"makes {shownCount} trials; must be at most {SweepPlan.MaxTrials}.");
        errors.ThrowIfAny();

        foreach (var point in Points())
        {
            AddTrials(point);
            if (_trialErrors.IsFull) break;
        }
        _trialErrors.MoveTo(errors, _checkedCount);
        if (_checkedCount == 0) errors.Add(sweep.Name.Place, "exclude", "leaves no trial.");
        errors.ThrowIfAny();
        return _trials;
    }

    // The points of the grid in written order, the first axis changing slowest.
    private IEnumerable<ConfigNode[]> Points()
    {
        var digits = new int[sweep.Grid.Count];
        while (true)
        {
            yield return [.. sweep.Grid.Select((axis, index) => axis.Values[digits[index]])];
            var last = digits.Length - 1;
            while (last >= 0 && ++digits[last] == sweep.Grid[last].Values.Count) digits[last--] = 0;
            if (last < 0) yield break;
        }
    }

    private void AddTrials(ConfigNode[] point)
    {
        var merged = sweep.Base;
        foreach (var (axis, value) in sweep.Grid.Zip(point)) merged = merged.With(axis.Path, value);
        var overrides = new OrderedDictionary<string, JsonNode?>();
        foreach (var (axis, value) in sweep.Grid.Zip(point)) overrides.Add(axis.Key, JsonNode.Parse(ConfigJson.Compact(value)));
        foreach (var seed in sweep.Seeds.Cast<ConfigScalar>())
            AddTrial(merged.With(["seed"], seed), _shortName.Of(point, seed.Text), overrides);
    }

    private void AddTrial(ConfigObject merged, string shortName, OrderedDictionary<string, JsonNode?> overrides)
    {
        var errors = new ConfigErrors();
        var resolved = train.Resolve(merged, errors);
        if (sweep.Exclude.Any(rule => rule.Matches(resolved))) return;
        _checkedCount++;
        if (errors.Count > 0) _trialErrors.Add(shortName, errors.All);
        if (!_trialErrors.IsEmpty) return;
        var (config, json, hash) = train.Bind(resolved);
        _trials.Add(new TrialPlan(_trials.Count, shortName, hash[..8], overrides, config.Seed, json, config));
    }
}
