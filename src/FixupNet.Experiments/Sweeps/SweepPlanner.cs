using System.Globalization;
using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Expands a sweep into trials and checks every one of them.</summary>
/// <param name="train">The schema of trials.</param>
/// <param name="sweep">The sweep.</param>
/// <param name="errors">The errors of its document; takes those of its trials.</param>
internal sealed class SweepPlanner(TrainSchema train, SweepConfig sweep, ConfigErrors errors)
{
    // Of a grid that is refused for its size, so many points show what else is wrong with it.
    private const int PointsOfTooLargeGrid = 100;

    private readonly ShortName _shortName = new(sweep.Grid);
    private readonly TrialErrors _trialErrors = new();
    private readonly TrialErrors _warnings = new();
    private readonly ExcludeUse _excludeUse = new(sweep.Exclude);
    private readonly List<TrialPlan> _trials = [];
    private int _checkedCount;

    /// <summary>What the trials need to start.</summary>
    public StartChecks Start { get; } = train.NewStartChecks();

    /// <summary>The rules of exclusion that leave a trial out, each without values that no trial has.</summary>
    public IReadOnlyList<ExcludeRule> UsedRules => _excludeUse.Used;

    /// <summary>Plans; where there are no trials or too many, or some are invalid, errors are added.</summary>
    public IReadOnlyList<TrialPlan> Plan()
    {
        var count = sweep.Grid.Aggregate((double)sweep.Seeds.Count, (product, axis) => product * axis.Values.Count);
        var isTooLarge = count > SweepPlan.MaxTrials;
        if (isTooLarge)
            errors.Add(sweep.Name.Place, "grid", $"makes {count.ToString("F0", CultureInfo.InvariantCulture)} trials; must be at most {SweepPlan.MaxTrials}.");
        foreach (var point in isTooLarge ? Points().Take(PointsOfTooLargeGrid) : Points())
        {
            AddTrials(point);
            if (_trialErrors.IsFull) break;
        }
        foreach (var error in _trialErrors.Told(_checkedCount)) errors.Add(error);
        foreach (var warning in _warnings.Told(_checkedCount)) errors.Add(warning);
        if (_checkedCount == 0) errors.Add(sweep.Name.Place, "exclude", "leaves no trial.");
        if (!isTooLarge && !_trialErrors.IsFull) _excludeUse.Report(errors);
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
        var own = new ConfigErrors();
        var resolved = train.Resolve(merged, own);
        if (_excludeUse.Excludes(resolved)) return;
        _checkedCount++;
        var document = train.Bind(resolved, own);
        if (own.Warnings.Count > 0) _warnings.Add(shortName, own.Warnings);
        if (document is null) _trialErrors.Add(shortName, own.All);
        if (document is not null) _warnings.Add(shortName, ScalarRateAxes.WithoutEffect(sweep.Grid, document.Config));
        if (document is null || !_trialErrors.IsEmpty) return;
        Start.Note(shortName, document.Config, resolved);
        _trials.Add(new TrialPlan(_trials.Count, shortName, document.Hash[..8], overrides, document.Config.Seed, document.Json, document.Config));
    }
}
