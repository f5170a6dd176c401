using System.Globalization;
using FixupNet.Reporting.Exports;

namespace FixupNet.Reporting.Tests.Exports;

/// <summary>Runs as they were written before lines told how many steps they average, three steps an epoch: training lines gave the update that a step led to as "step", gradient norms
/// the epoch of its end.</summary>
internal sealed class OlderRunTests
{
    private const string Completed = """
        {"seq":0,"step":2,"epoch":0.6666666666666666,"split":"train","loss":2.302779859632307,"accuracy":0,"gradientNorm":0.24439776527971369,"learningRate":0.1,"imagesPerSecond":155.18266454454374,"peakMemoryBytes":237109248}
        {"seq":1,"step":3,"epoch":1,"split":"train","loss":2.3036755927276396,"accuracy":0.16666666666666666,"gradientNorm":0.3618363523900115,"learningRate":0.1,"imagesPerSecond":444.28976578524515,"peakMemoryBytes":237854720}
        {"seq":2,"step":3,"epoch":1,"split":"test","loss":2.302908420562744,"accuracy":0}
        {"seq":3,"step":5,"epoch":1.6666666666666665,"split":"train","loss":2.3015011509272045,"accuracy":0.125,"gradientNorm":0.24430933091080387,"learningRate":0.1,"imagesPerSecond":1178.3333947048643,"peakMemoryBytes":240218112}

        """;

    private const string CompletedNorms = """
        {"layers":["conv1","fc"]}
        {"step":0,"epoch":0.3333333333333333,"total":0.25538567640904297,"norms":[0,0.09471981100760675]}
        {"step":2,"epoch":1,"total":0.3618363523900115,"norms":[0.0034846676864980805,0.12]}
        {"step":4,"epoch":1.6666666666666665,"total":0.24430933091080387,"norms":[0.0031435590562569862,0.09]}

        """;

    // The step that failed made no update, and so has the number of the one before it.
    private const string Diverged = """
        {"seq":0,"step":1,"epoch":0.3333333333333333,"split":"train","loss":232.73477172851562,"accuracy":0,"gradientNorm":4082.190997795523,"learningRate":1000,"imagesPerSecond":110.03460588355037,"peakMemoryBytes":236576768}
        {"seq":1,"step":1,"epoch":0.6666666666666666,"split":"train","loss":"NaN","accuracy":0.125,"gradientNorm":"NaN","learningRate":1000,"imagesPerSecond":138.41716511264562,"peakMemoryBytes":237780992}

        """;

    private string _folder = "";

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("fixupnet-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Metrics_HaveTheStepOfTheirWeights() =>
        Assert.That(Steps("metrics.csv", Completed, 2), Is.EqualTo(new[] { (1, 1 / 3.0), (2, 2 / 3.0), (3, 1), (4, 4 / 3.0) }));

    [Test]
    public void Norms_HaveTheEpochOfTheirWeights() =>
        Assert.That(Steps("gradient-norms.csv", Completed, 1).Distinct(), Is.EqualTo(new[] { (0, 0), (2, 2 / 3.0), (4, 4 / 3.0) }));

    [Test]
    public void Divergence_IsAStepOfItsOwn() => Assert.That(Steps("metrics.csv", Diverged, 2), Is.EqualTo(new[] { (0, 0), (1, 1 / 3.0) }));

    private List<(int Step, double Epoch)> Steps(string table, string metrics, int column)
    {
        File.WriteAllText(Path.Combine(_folder, "config.json"), """{ "seed": 1 }""");
        File.WriteAllText(Path.Combine(_folder, "metrics.jsonl"), metrics);
        File.WriteAllText(Path.Combine(_folder, "gradient-norms.jsonl"), CompletedNorms);
        var file = RunExport.Write(_folder, "csv", Path.Combine(_folder, "out")).Single(path => Path.GetFileName(path) == table);
        return [.. File.ReadLines(file).Skip(1).Select(line => line.Split(',')).Select(cells =>
            (int.Parse(cells[column], CultureInfo.InvariantCulture), Math.Round(double.Parse(cells[column + 1], CultureInfo.InvariantCulture) * 3) / 3))]; // rounding apart, a multiple of a third
    }
}
