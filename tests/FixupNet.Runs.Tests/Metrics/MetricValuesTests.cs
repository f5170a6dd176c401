using System.Text.Json;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Runs.Tests.Metrics;

public sealed class MetricValuesTests
{
    private static readonly MetricValues s_values = new(("loss", double.NaN), ("bleu", 31.5), ("exactMatch", 0.25), ("perplexity", double.PositiveInfinity));

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, RunJson.Compact);

    [Test]
    public void Json_IsOneObjectInTheirOrder() =>
        Assert.That(Json(s_values), Is.EqualTo("""{"loss":"NaN","bleu":31.5,"exactMatch":0.25,"perplexity":"Infinity"}"""));

    [Test]
    public void Json_GivesUnknownMetricsBack()
    {
        Assert.That(JsonSerializer.Deserialize<MetricValues>(Json(s_values), RunJson.Compact), Is.EqualTo(s_values));
        Assert.That(s_values["bleu"], Is.EqualTo(31.5));
        Assert.That(s_values["accuracy"], Is.Null);
    }

    [Test]
    public void Line_HoldsThemAmongItsOtherMembers()
    {
        var line = new MetricsLine(3, 10, 0.5, MetricsSplit.Train, s_values, GradientNorm: 2, ExamplesPerSecond: 7, Clipped: new Dictionary<string, double> { ["agc"] = 0.5 });

        var json = Json(line);

        Assert.That(json, Is.EqualTo(
            """{"seq":3,"step":10,"epoch":0.5,"split":"train","loss":"NaN","bleu":31.5,"exactMatch":0.25,"perplexity":"Infinity","gradientNorm":2,"clipped":{"agc":0.5},"examplesPerSecond":7}"""));
        var read = JsonSerializer.Deserialize<MetricsLine>(json, RunJson.Compact)!;
        Assert.That((read with { Clipped = line.Clipped }, read.Clipped!["agc"]), Is.EqualTo((line, 0.5)));
    }

    [Test]
    public void Best_HasTheNameOfItsMetric()
    {
        var best = new BestResult(1.5, 20, "exactMatch", 0.5);

        Assert.That(Json(best), Is.EqualTo("""{"epoch":1.5,"step":20,"testExactMatch":0.5}"""));
        Assert.That(JsonSerializer.Deserialize<BestResult>(Json(best), RunJson.Compact), Is.EqualTo(best));
    }

    [TestCase("""{"loss":1,"loss":2}""", "twice")]
    [TestCase("""{"accuracy":1}""", "no number \"loss\"")]
    [TestCase("""{"loss":true}""", "no number \"loss\"")]
    [TestCase("[1]", "must be an object")]
    public void Json_IsRefused(string json, string problem) =>
        Assert.That(() => JsonSerializer.Deserialize<MetricValues>(json, RunJson.Compact), Throws.TypeOf<JsonException>().With.Message.Contains(problem));

    // They would act in files, tables and terminals.
    [Test]
    public void Json_LeavesOutNamesThatNoMetricHas() =>
        Assert.That(JsonSerializer.Deserialize<MetricValues>("""{"loss":1,"a b":2,"":3,"\u001b[31m":4,"<b>":5,"note":"x"}""", RunJson.Compact), Is.EqualTo(new MetricValues(("loss", 1))));

    [Test]
    public void Totals_AddUpAsEachMetricIsSummed()
    {
        var totals = new MetricTotals([Metric.LossIn(""), Metric.Accuracy, new Metric("perplexity", "", MetricDirection.Lower, MetricSumming.ExponentialOfMean)]);

        totals.Add([new("loss", 6, 2), new("accuracy", 1, 2), new("perplexity", Math.Log(4), 1)]);
        totals.Add([new("loss", 2, 2), new("accuracy", 2, 4), new("perplexity", Math.Log(9), 1)]);

        Assert.That(totals.Values().Select(value => value.Name), Is.EqualTo(new[] { "loss", "accuracy", "perplexity" }));
        Assert.That(totals.Values().Select(value => value.Value), Is.EqualTo(new[] { 2, 0.5, 6 }).Within(1e-12)); // rounding of logarithms
    }

    [TestCase(MetricDirection.Higher, 2, 1, true)]
    [TestCase(MetricDirection.Higher, 1, 1, false)]
    [TestCase(MetricDirection.Lower, 2, 1, false)]
    [TestCase(MetricDirection.Lower, 1, 2, true)]
    [TestCase(MetricDirection.Lower, 1, double.NaN, true)]
    [TestCase(MetricDirection.Lower, double.NegativeInfinity, 1, false)]
    public void IsBetter_KnowsTheDirection(MetricDirection better, double value, double other, bool expected) =>
        Assert.That(new Metric("x", "", better).IsBetter(value, other), Is.EqualTo(expected));

    [TestCase("exactMatch", "exact match", "testExactMatch")]
    [TestCase("loss", "loss", "testLoss")]
    public void Names_HaveWordsAndKeys(string name, string words, string key) => Assert.That((Metric.Words(name), Metric.Key("test", name)), Is.EqualTo((words, key)));

    [TestCase("loss", "loss", null)]
    [TestCase("loss", "seq", "cannot have a metric of the name \"seq\"")]
    [TestCase("loss", "a-b", "cannot have a metric of the name \"a-b\"")]
    [TestCase("accuracy", "loss", "must have the metric \"loss\" first")]
    [TestCase("loss", "loss", "has the metric \"loss\" twice", true)]
    public void Task_TellsWhatIsWrongWithIt(string first, string second, string? problem, bool both = false)
    {
        Metric[] metrics = second == first && !both ? [new(first)] : [new(first), new(second)];

        Assert.That(new TaskRecord("t", metrics, BestBy: first).Problem, problem is null ? Is.Null : Is.EqualTo(problem));
    }

    [Test]
    public void Task_MustChooseByAMetricOfItsOwn() => Assert.That(new TaskRecord("t", [Metric.LossIn("")], BestBy: "bleu").Problem, Does.Contain("\"bleu\""));

    [Test]
    public void Json_OfATask_GivesItBack()
    {
        var task = new TaskRecord("t", [Metric.LossIn("nats"), new Metric("bleu", "", MetricDirection.Higher, MetricSumming.Whole)], "bleu", "sentences");

        var read = JsonSerializer.Deserialize<TaskRecord>(Json(task), RunJson.Compact)!;

        Assert.That((read.Name, read.BestBy, read.Examples), Is.EqualTo((task.Name, task.BestBy, task.Examples)));
        Assert.That(read.Metrics, Is.EqualTo(task.Metrics));
    }
}
