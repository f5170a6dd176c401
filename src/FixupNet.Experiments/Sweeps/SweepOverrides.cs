using FixupNet.Experiments.Configuration;

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
        }
        return sweep;
    }

    private SweepConfig WithAxis(SweepConfig sweep, ConfigOverride change)
    {
        var path = ConfigOverride.PathOf(change.Key);
        var others = sweep.Grid.Where(axis => axis.Key != change.Key).ToList();
        rules.CheckKey(change.Key, ConfigPlace.CommandLine, path, others);
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
            var path = ConfigOverride.PathOf(change.Key);
            errors.Add(ConfigPlace.CommandLine, path, $"would be replaced by the grid, which sets all of {whole.Key}.");
        }
        return sweep with
        {
            Base = sweep.Base.With(change.Path, change.Values[0]),
            Grid = [.. sweep.Grid.Where(axis => axis.Key != change.Key)],
        };
    }
}
