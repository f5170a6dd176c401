using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Studies;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>A valid sweep with all its trials.</summary>
/// <param name="Name">The sweep's name.</param>
/// <param name="About">One line for people.</param>
/// <param name="Hash6">Six hexadecimal digits that depend on the name and on every resolved trial in order, on nothing else.</param>
/// <param name="ResolvedJson">The sweep in one document, base included and command line applied; loading it plans the same trials.</param>
/// <param name="Trials">The trials: the grid's first key changes slowest, the seed fastest.</param>
public sealed record SweepPlan(string Name, string About, string Hash6, string ResolvedJson, IReadOnlyList<TrialPlan> Trials)
{
    /// <summary>What its author may not know, though it can be run.</summary>
    public IReadOnlyList<ConfigError> Warnings { get; private init; } = [];

    /// <summary>What is asked of each network once it is trained, and of the sweep once it has ended.</summary>
    public IReadOnlyList<StudyChoice> Studies { get; private init; } = [];

    /// <summary>What its trials need to start, by their indices.</summary>
    public StartChecks Start { get; private init; } = new([]);

    /// <summary>The largest number of trials, counted before exclusion.</summary>
    public const int MaxTrials = SweepDirectory.MaxTrials;

    /// <summary>Reads a sweep document and plans its trials.</summary>
    /// <param name="file">The file, named in messages as given here.</param>
    /// <param name="overrides">
    /// <c>key=value</c> sets the base, <c>key=a,b</c> is an axis of the grid; either replaces the grid's axis of that key.
    /// </param>
    /// <param name="registries">The named choices.</param>
    /// <exception cref="ConfigException">The document, its base, an override or a trial is invalid.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static SweepPlan Load(string file, IEnumerable<string> overrides, ConfigRegistries registries) =>
        Parse(ConfigDocument.ReadFile(file).Span, file, overrides, registries);

    /// <summary>Reads a <see cref="ResolvedJson"/>: what its rules of exclusion leave out is no question any more.</summary>
    /// <param name="file">The file.</param>
    /// <param name="registries">The named choices.</param>
    /// <exception cref="ConfigException">The document or a trial is invalid.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static SweepPlan LoadResolved(string file, ConfigRegistries registries) =>
        Plan(ConfigDocument.ReadFile(file).Span, file, [], registries, isResolved: true);

    /// <summary>Plans the trials of a sweep document already read.</summary>
    /// <param name="utf8">The bytes of its file.</param>
    /// <param name="file">The file: named in messages as given here, and its base lies beside it.</param>
    /// <param name="overrides">As for <see cref="Load"/>.</param>
    /// <param name="registries">The named choices.</param>
    /// <exception cref="ConfigException">The document, its base, an override or a trial is invalid.</exception>
    /// <exception cref="IOException">The base cannot be read.</exception>
    public static SweepPlan Parse(ReadOnlySpan<byte> utf8, string file, IEnumerable<string> overrides, ConfigRegistries registries) =>
        Plan(utf8, file, overrides, registries, isResolved: false);

    /// <summary>The JSON Schema (draft 2020-12) of sweep documents.</summary>
    /// <param name="registries">The named choices.</param>
    public static JsonObject Schema(ConfigRegistries registries)
    {
        var schema = SweepShape.Of(new TrainSchema(registries)).ToJson();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "FixupNet sweep document, version 1");
        return schema;
    }

    // What a study asks about must be there once it asks.
    private static void Require(IReadOnlyList<StudyChoice> studies, SweepConfig sweep, IReadOnlyList<TrialPlan> trials, ConfigErrors errors)
    {
        foreach (var (index, study) in studies.Index())
        {
            try
            {
                if (study.Entry.IsOfSweep) SweepStudy.Check(study, trials);
            }
            catch (StudyRefusedException refused)
            {
                errors.Add(sweep.Studies[index].Place, $"studies[{index}].{refused.Path}", refused.Message);
            }
        }
        if (studies.Index().FirstOrDefault(study => study.Item.Entry is { IsOfSweep: false, IsOfStart: false }) is (var first, { })) RequireNetworks(sweep.Studies[first].Place, trials, errors);
    }

    private static void RequireNetworks(ConfigPlace place, IReadOnlyList<TrialPlan> trials, ConfigErrors errors)
    {
        if (trials.FirstOrDefault(trial => !trial.Config.Checkpoint.FinalWeights) is { } forgetful)
            errors.Add(place, "studies", $"asks trained networks, and checkpoint.finalWeights is false in {forgetful.ShortName}, which keeps none; must be true.");
        if (trials.FirstOrDefault(trial => trial.Config.Task.Name != TaskRecord.ImageClassification.Name) is { } other)
            errors.Add(place, "studies", $"asks about image classification only, and task is \"{other.Config.Task.Name}\" in {other.ShortName}; leave it out.");
    }

    private static SweepPlan Plan(ReadOnlySpan<byte> utf8, string file, IEnumerable<string> overrides, ConfigRegistries registries, bool isResolved)
    {
        var errors = new ConfigErrors();
        var train = new TrainSchema(registries);
        var sweep = new SweepReader(train, errors).Read(utf8, file, overrides);
        if (isResolved) sweep = sweep is null ? null : sweep with { Exclude = [.. sweep.Exclude.Select(rule => rule with { MustMatch = false })] };
        var planner = sweep is null ? null : new SweepPlanner(train, sweep, errors);
        var trials = planner?.Plan();
        IReadOnlyList<StudyChoice> studies = [.. (sweep?.Studies ?? []).Select(study => StudyChoice.Of(study, registries))];
        if (trials is { Count: > 0 }) Require(studies, sweep!, trials, errors);
        errors.ThrowIfAny();
        var name = sweep!.Name.Text;
        var hash = ConfigJson.Hash(string.Join('\n', trials!.Select(trial => trial.ConfigJson).Prepend(name)));
        var resolved = new SweepDefaults(train).Complete(sweep with { Exclude = planner!.UsedRules });
        return new SweepPlan(name, sweep.About.Text, hash[..6], ConfigJson.Canonical(resolved.ToDocument()), trials!)
        {
            Warnings = errors.Warnings,
            Start = planner.Start,
            Studies = studies,
        };
    }
}
