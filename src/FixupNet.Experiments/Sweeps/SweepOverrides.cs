using FixupNet.Experiments.Configuration.Nodes;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Applies the command line to a sweep: one value sets the base, a comma list is an axis of the grid.</summary>
internal sealed class SweepOverrides(GridRules rules, ConfigErrors errors)
{
    public SweepConfig Apply(SweepConfig sweep, IEnumerable<ConfigOverride> overrides)
    {
        foreach (var change in overrides)
        {
            if (change.Key is "seed" or "seeds") sweep = sweep with { Seeds = rules.Seeds(change.Values) };
            else sweep = change.Values.Count > 1 ? WithAxis(sweep, change) : WithBase(sweep, change);
            sweep = sweep with { Exclude = [.. sweep.Exclude.Select(rule => Speaks(rule, change) ? rule with { MustMatch = false } : rule)] };
        }
        return sweep;
    }

    private static bool Speaks(ExcludeRule rule, ConfigOverride change) => rule.Conditions.Any(condition =>
        GridAxis.Overlap(condition.Key, change.Key == "seeds" ? "seed" : change.Key));

    private SweepConfig WithAxis(SweepConfig sweep, ConfigOverride change)
    {
        var path = ConfigText.Show(change.Key);
        var others = sweep.Grid.Where(axis => axis.Key != change.Key).ToList();
        if (!rules.CheckKey(change.Key, ConfigPlace.CommandLine, path, others)) return sweep;
        var axis = new GridAxis(change.Key, rules.Distinct(change.Values, path));
        return sweep with
        {
            Grid = others.Count == sweep.Grid.Count
                ? [.. sweep.Grid, axis]
                : [.. sweep.Grid.Select(old => old.Key == change.Key ? axis : old)],
        };
    }

    // The command line wins: a value given there also replaces the grid's axis of that key.
    private SweepConfig WithBase(SweepConfig sweep, ConfigOverride change)
    {
        if (sweep.Grid.FirstOrDefault(axis => change.Key.StartsWith(axis.Key + ".", StringComparison.Ordinal)) is { } whole)
        {
            var path = ConfigText.Show(change.Key);
            errors.Add(ConfigPlace.CommandLine, path, $"would be replaced by the grid, which sets all of {whole.Key}.");
        }
        return sweep with
        {
            Base = sweep.Base.With(change.Path, change.Values[0]),
            Grid = [.. sweep.Grid.Where(axis => axis.Key != change.Key)],
        };
    }
}
