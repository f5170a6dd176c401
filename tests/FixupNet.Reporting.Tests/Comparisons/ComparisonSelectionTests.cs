using FixupNet.Reporting.Comparisons;

namespace FixupNet.Reporting.Tests.Comparisons;

public sealed class ComparisonSelectionTests
{
    [TestCase("runs/a-1", "runs/a-1", "")]
    [TestCase("runs/a-1:model.variant=fixup", "runs/a-1", "model.variant=fixup")]
    [TestCase("runs/a-1:model.variant=fixup,model.depth=20", "runs/a-1", "model.variant=fixup model.depth=20")]
    [TestCase(@"C:\runs\a", @"C:\runs\a", "")]
    [TestCase(@"C:\runs\a:model.depth=20", @"C:\runs\a", "model.depth=20")]
    [TestCase("a:b=c/d:model.depth=20", "a:b=c/d", "model.depth=20")]
    [TestCase("runs/a-1:schedule.milestonesEpochs=[30,60],model.depth=20", "runs/a-1", "schedule.milestonesEpochs=[30,60] model.depth=20")]
    [TestCase("runs/a-1:model.variant={\"name\": \"a,b\", \"scale\": 1}", "runs/a-1", "model.variant={\"name\": \"a,b\", \"scale\": 1}")]
    public void Parse_FindsFolderAndValues(string text, string folder, string values)
    {
        var selection = ComparisonSelection.Parse(text);

        Assert.That((selection.SweepDirectory, string.Join(' ', selection.Values.Select(pair => $"{pair.Key}={pair.Value}"))), Is.EqualTo((folder, values)));
    }

    [TestCase("a:model.depth=20,fixup", "fixup")]
    [TestCase("a:model.depth=20,model.depth=56", "twice")]
    public void Parse_Refuses_WhenAValueHasNoKeyOrAKeyTwo(string text, string message) =>
        Assert.That(() => ComparisonSelection.Parse(text), Throws.TypeOf<ComparisonException>().With.Message.Contains(message));
}
