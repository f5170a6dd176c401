using System.CommandLine;
using System.Globalization;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Randomness;
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
        var metric = new Option<string?>("--metric")
        {
            Description = $"What to compare ({string.Join(", ", ComparisonMetric.All.Select(metric => metric.Name))}; of another task test-, best-test- and train- with any of its metrics); "
                + "default: the usual one of the task.",
            HelpName = "METRIC",
        };
        metric.CompletionSources.Add([.. ComparisonMetric.All.Select(metric => metric.Name)]);
        var test = Inputs.Choice("--test", "How; auto pairs the trials where both sides have the same seeds", [.. Tests.Keys]);
        var correct = Inputs.Choice("--correct", "How to correct p-values for the number of comparisons", [.. Corrections.Keys]);
        var by = new Option<string?>("--by")
        {
            Description = "Compare at equal values of these keys, such as model.depth; default: all that vary on a side.",
            HelpName = "KEY,...",
        };
        var margin = new Option<string?>("--margin")
        {
            Description = "Also test that sides are equal within ±MARGIN (TOST): 0.5% is half a point of accuracy; a number for other metrics.",
            HelpName = "MARGIN",
        };
        var json = Inputs.Json();
        var verb = new Verb(
            "compare", "Compares sweeps, or groups within one: differences, intervals, effect sizes and tests.",
            "fixupnet compare runs/quickstart-1a2b3c:model.variant=batchnorm runs/quickstart-1a2b3c:model.variant=fixup",
            "fixupnet compare runs/quickstart-1a2b3c:model.variant=batchnorm runs/quickstart-1a2b3c:model.variant=fixup --margin 0.5%",
            "fixupnet compare runs/before-1a2b3c runs/after-4d5e6f --metric test-loss --test wilcoxon --json")
        {
            groups, metric, test, correct, by, margin, json,
        };
        verb.SetAction(parsed =>
        {
            var keys = parsed.GetValue(by)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var report = Compare(parsed.GetRequiredValue(groups), selections =>
            {
                var measured = Find(ComparisonMetric.In(selections), parsed.GetValue(metric));
                return new ComparisonRequest(
                    selections[0], selections[1..], measured, Tests[parsed.GetRequiredValue(test)], Corrections[parsed.GetRequiredValue(correct)], keys,
                    parsed.GetValue(margin) is { } text ? Margin(text, measured) : null);
            });
            if (parsed.GetValue(json)) RunText.WriteJson(host.Output, report);
            else ComparisonDisplay.Write(host.Output, report);
            return ExitCodes.Success;
        });
        return verb;
    }

    private static ComparisonMetric Find(IReadOnlyList<ComparisonMetric> metrics, string? name) => name is null
        ? metrics[0]
        : metrics.FirstOrDefault(metric => metric.Name == name) ?? throw new ComparisonException("--metric:", name, [.. metrics.Select(metric => metric.Name)]);

    // With its unit, for 0.5 could be half a point of accuracy or half of everything.
    private static double Margin(string text, ComparisonMetric metric)
    {
        var isPercent = text.EndsWith('%');
        if (double.TryParse(isPercent ? text[..^1] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) && number > 0 && isPercent == metric.IsShare) return isPercent ? number / 100 : number;
        throw new UsageException(metric.IsShare
            ? $"--margin is \"{text}\"; of {metric.Name} it is in points, above 0 and with its unit, such as 0.5%."
            : $"--margin is \"{text}\"; of {metric.Name} it must be a number above 0, in the same unit.");
    }

    private static ComparisonReport Compare(string[] groups, Func<List<ComparisonSelection>, ComparisonRequest> request)
    {
        try
        {
            List<ComparisonSelection> selections = [.. groups.Select(ComparisonSelection.Parse)];
            foreach (var selection in selections) SweepVerb.Open(selection.SweepDirectory);
            return SweepComparison.Run(request(selections));
        }
        catch (ComparisonException error)
        {
            throw new UsageException(error.Given.Length == 0 ? error.Message : $"{error.Message}{Inputs.DidYouMean(error.Given, error.Allowed)}.");
        }
    }
}
