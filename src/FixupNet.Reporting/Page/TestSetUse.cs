namespace FixupNet.Reporting.Page;

/// <summary>How often the test set was looked at: a choice made after many looks flatters its results.</summary>
internal static class TestSetUse
{
    /// <summary>Writes the section.</summary>
    public static void Write(HtmlWriter html, IReadOnlyList<TrialRecord> trials)
    {
        var looks = trials.Select(trial => trial.TestCount).Where(count => count > 0).ToList();
        html.Open("section", ("id", "test-set")).Element("h2", "How often the test set was looked at");
        html.Element("p", looks.Count == 0 ? "Never so far." :
            $"{looks.Sum()} times: {looks.Count} of {trials.Count} trials were tested, {Range(looks)} each. Nothing in this report is chosen by these results: "
            + "they are those of the last test, and every trial is shown.");
        html.Close();
    }

    private static string Range(List<int> looks) => (looks.Min(), looks.Max()) switch
    {
        (1, 1) => "once",
        var (least, most) when least == most => $"{least} times",
        var (least, most) => $"{least} to {most} times",
    };
}
