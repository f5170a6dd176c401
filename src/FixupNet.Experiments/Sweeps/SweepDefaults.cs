using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Configuration.Schema;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Fills the defaults into a sweep's base, where that changes no trial.</summary>
/// <param name="train">The schema of trials.</param>
internal sealed class SweepDefaults(TrainSchema train)
{
    /// <summary>The sweep with every default of its base that holds for all trials.</summary>
    /// <param name="sweep">A valid sweep.</param>
    public SweepConfig Complete(SweepConfig sweep)
    {
        var complete = new List<KeyValuePair<string, ConfigNode>>();
        foreach (var member in train.Root.Members)
        {
            var given = sweep.Base.Find(member.Name);
            var value = Completed(sweep, given ?? member.Default?.Invoke(sweep.Base.Place), member) ?? given;
            if (value is not null) complete.Add(new(member.Name, value));
        }
        return sweep with { Base = new ConfigObject(sweep.Base.Place, complete) };
    }

    // Which options a section has depends on its name, and a seed that is not written is one of the sweep's.
    private static ConfigNode? Completed(SweepConfig sweep, ConfigNode? value, MemberSchema member)
    {
        if (value is null || member.Name == "seed" || sweep.Grid.Any(axis => axis.Key == member.Name || axis.Key == $"{member.Name}.name")) return null;
        var errors = new ConfigErrors();
        var completed = member.Value.Resolve(value, member.Name, errors);
        if (errors.Count > 0) return null;
        return completed is ConfigObject section ? WithoutAxes(sweep, section, value as ConfigObject, member.Name) : completed;
    }

    // A default that no trial has would mislead.
    private static ConfigObject WithoutAxes(SweepConfig sweep, ConfigObject completed, ConfigObject? written, string section) => new(
        completed.Place,
        [.. completed.Members.Where(member => written?.Find(member.Key) is not null || !sweep.Grid.Any(axis => axis.Key == $"{section}.{member.Key}"))]);
}
