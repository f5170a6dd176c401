using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Experiments.Sweeps;
using FixupNet.Runs.Records;

namespace FixupNet.Cli;

/// <summary>The options that pick trials of a sweep.</summary>
internal sealed class TrialChoiceInputs
{
    private static readonly IReadOnlyDictionary<string, TrialState> s_states =
        Enum.GetValues<TrialState>().Where(state => state != TrialState.Pending).ToDictionary(RunText.Name);

    /// <summary>Creates them.</summary>
    /// <param name="purpose">What the trials are picked for, as the beginning of a sentence.</param>
    public TrialChoiceInputs(string purpose)
    {
        Trial = new Option<string[]>("--trial")
        {
            Description = $"{purpose}: a number, a range (3-7) or a name as \"sweep status\" lists them, several joined by commas, or all.", HelpName = "TRIAL,...",
        };
        State = new Option<string[]>("--state") { Description = $"{purpose}: those in a state ({string.Join(", ", s_states.Keys)}).", HelpName = "STATE" };
        State.Validators.Add(result => Inputs.RequireOneOf(result, "--state", [.. s_states.Keys]));
        State.CompletionSources.Add([.. s_states.Keys]);
    }

    /// <summary>Trials by number, range or name.</summary>
    public Option<string[]> Trial { get; }

    /// <summary>Trials by state.</summary>
    public Option<string[]> State { get; }

    /// <summary>What was picked.</summary>
    public TrialChoice Read(ParseResult parsed) =>
        new(parsed.GetValue(Trial) ?? [], [.. (parsed.GetValue(State) ?? []).Select(name => s_states[name])]);
}
