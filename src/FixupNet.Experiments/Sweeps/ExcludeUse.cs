using FixupNet.Experiments.Configuration.Nodes;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Excludes trials and watches what the rules do: one that leaves nothing out says something else than its author meant.</summary>
/// <param name="rules">The rules.</param>
internal sealed class ExcludeUse(IReadOnlyList<ExcludeRule> rules)
{
    // Nobody reads more.
    private const int ShownValues = 12;

    private readonly bool[] _matched = new bool[rules.Count];

    // Of each condition of each rule, the values that trials have.
    private readonly OrderedDictionary<string, ConfigNode>[][] _seen =
        [.. rules.Select(rule => rule.Conditions.Select(_ => new OrderedDictionary<string, ConfigNode>()).ToArray())];

    /// <summary>The rules that leave a trial out, each without values that no trial has.</summary>
    public IReadOnlyList<ExcludeRule> Used => [.. rules.Index().Where(item => _matched[item.Index]).Select(item => WithSeenValues(item.Item, _seen[item.Index]))];

    /// <summary>Whether a trial is left out.</summary>
    /// <param name="resolved">The trial.</param>
    public bool Excludes(ConfigObject resolved)
    {
        var isExcluded = false;
        for (var rule = 0; rule < rules.Count; rule++)
        {
            var matches = true;
            for (var i = 0; i < rules[rule].Conditions.Count; i++) matches &= Holds(rules[rule].Conditions[i], _seen[rule][i], resolved);
            _matched[rule] |= matches;
            isExcluded |= matches;
        }
        return isExcluded;
    }

    /// <summary>Tells of rules that leave nothing out, and of values that no trial has.</summary>
    public void Report(ConfigErrors errors)
    {
        HashSet<string> wrong = [.. errors.All.Select(error => error.Path.StartsWith("grid.", StringComparison.Ordinal) ? error.Path["grid.".Length..] : error.Path)];
        foreach (var (index, rule) in rules.Index().Where(item => item.Item.MustMatch))
        {
            // What trials have once the key's own error is mended is not known yet.
            if (rule.Conditions.Any(condition => wrong.Any(path => GridAxis.Overlap(path, condition.Key)))) continue;
            var errorCount = errors.Count;
            foreach (var (condition, seen) in rule.Conditions.Zip(_seen[index])) ReportValues(condition, seen, ConfigText.Join(rule.Path, condition.Key), errors);
            if (!_matched[index] && errors.Count == errorCount)
                errors.Add(rule.Written.Place, rule.Path, "leaves out no trial: none has all of its values at once. Correct it, or remove it.");
        }
    }

    private static bool Holds(ExcludeCondition condition, OrderedDictionary<string, ConfigNode> seen, ConfigObject resolved)
    {
        if (resolved.Find(condition.Path) is not { } value) return false;
        var key = value.ValueKey;
        seen.TryAdd(key, value);
        return condition.Has(key);
    }

    private static void ReportValues(ExcludeCondition condition, OrderedDictionary<string, ConfigNode> seen, string path, ConfigErrors errors)
    {
        foreach (var value in condition.Values.Where(value => !seen.ContainsKey(value.ValueKey)))
        {
            var had = string.Join(", ", seen.Values.Take(ShownValues).Select(node => node.Shown)) + (seen.Count > ShownValues ? ", ..." : "");
            errors.Add(value.Place, path, $"is {value.Shown}, which no trial has; {(seen.Count == 0 ? "none has this key" : $"they have {had}")}.");
        }
    }

    private static ExcludeRule WithSeenValues(ExcludeRule rule, OrderedDictionary<string, ConfigNode>[] seen)
    {
        var members = rule.Conditions.Zip(seen, (condition, had) => new KeyValuePair<string, ConfigNode>(
            condition.Key, new ConfigArray(rule.Written.Place, [.. condition.Values.Where(value => had.ContainsKey(value.ValueKey))])));
        return rule with { Written = new ConfigObject(rule.Written.Place, [.. members]) };
    }
}
