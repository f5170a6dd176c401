using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Reporting.Comparisons;
using FixupNet.Reporting.Statistics;

namespace FixupNet.Cli.Verbs;

/// <summary>"compare": whether sweeps, or groups within one, differ.</summary>
internal static class CompareVerb
{
    private static readonly IReadOnlyDictionary<string, ComparisonTest> Tests = new Dictionary<string, ComparisonTest>
    {
        ["auto"] = ComparisonTest.Auto,
        ["welch"] = ComparisonTest.Welch,
        ["paired-t"] = ComparisonTest.PairedT,
        ["wilcoxon"] = ComparisonTest.Wilcoxon,
        ["permutation"] = ComparisonTest.Permutation,
    };

    private static readonly IReadOnlyDictionary<string, Correction> Corrections = new Dictionary<string, Correction>
    {
        ["holm"] = Correction.Holm,
        ["bh"] = Correction.Bh,
        ["none"] = Correction.None,
    };

    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var groups = new Argument<string[]>("DIR[:key=value,...]")
        {
            Description = "Folders of sweeps, or groups within one; the first is what the others are compared with.",
            Arity = new ArgumentArity(2, 100),
        };
        var metric = Inputs.Choice("--metric", "What to compare", [.. ComparisonMetric.All.Select(metric => metric.Name)]);
        var test = Inputs.Choice("--test", "How; auto pairs the trials where both sides have the same seeds", [.. Tests.Keys]);
        var correct = Inputs.Choice("--correct", "How to correct p-values for the number of comparisons", [.. Corrections.Keys]);
        var by = new Option<string?>("--by")
        {
            Description = "Compare at equal values of these keys, such as model.depth; default: all that vary on a side.",
            HelpName = "KEY,...",
        };
        var json = Inputs.Json();
        var verb = new Verb(
            "compare", "Compares sweeps, or groups within one: differences, intervals, effect sizes and tests.",
            "fixupnet compare runs/quickstart-1a2b3c:model.variant=batchnorm runs/quickstart-1a2b3c:model.variant=fixup",
            "fixupnet compare runs/before-1a2b3c runs/after-4d5e6f --metric test-loss --test wilcoxon --json")
        {
            groups, metric, test, correct, by, json,
        };
        verb.SetAction(parsed =>
        {
            var keys = parsed.GetValue(by)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var report = Compare(
                parsed.GetRequiredValue(groups), ComparisonMetric.All.Single(entry => entry.Name == parsed.GetRequiredValue(metric)),
                (Tests[parsed.GetRequiredValue(test)], Corrections[parsed.GetRequiredValue(correct)], keys));
            if (parsed.GetValue(json)) RunText.WriteJson(host.Output, report);
            else ComparisonDisplay.Write(host.Output, report);
            return ExitCodes.Success;
        });
        return verb;
    }

    private static ComparisonReport Compare(
        string[] groups, ComparisonMetric metric, (ComparisonTest Test, Correction Correction, IReadOnlyList<string>? By) how)
    {
        try
        {
            List<ComparisonSelection> selections = [.. groups.Select(ComparisonSelection.Parse)];
            foreach (var selection in selections) SweepVerb.Open(selection.SweepDirectory);
            return SweepComparison.Run(new(selections[0], selections[1..], metric, how.Test, how.Correction, how.By));
        }
        catch (ComparisonException error)
        {
            throw new UsageException(error.Given.Length == 0 ? error.Message : $"{error.Message}{Inputs.DidYouMean(error.Given, error.Allowed)}.");
        }
    }
}
