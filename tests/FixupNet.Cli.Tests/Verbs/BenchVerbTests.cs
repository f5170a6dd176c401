using System.Text.Json.Nodes;
using FixupNet.Experiments.Benchmarks;

namespace FixupNet.Cli.Tests.Verbs;

internal sealed class BenchVerbTests : CliTests
{
    [Test]
    public void Bench_WritesARowForEachContender()
    {
        var result = Bench("--depth", "20", "--threads", "2", "--rounds", "2");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.Zero, result.Error);
            Assert.That(result.Output, Does.Contain("Fixup ResNet-20, batch 128, 2 rounds of 2 s for each"));
            Assert.That(result.Output, Does.Match(@"(?m)^the machine's limit +2 +1280 +1280–1280 +4\.00× +100 % +300\.0 MiB +1\.50 s\r?$"));
            Assert.That(result.Output, Does.Match(@"(?m)^engine float32 +2 +640 +640–640 +2\.00× +50 % "));
            Assert.That(result.Output, Does.Match(@"(?m)^engine bfloat16 +2 "));
            Assert.That(result.Output, Does.Match(@"(?m)^eager +2 .* 1\.33× +33 % "));
            Assert.That(result.Output, Does.Match(@"(?m)^PyTorch NCHW +2 .* 1\.00× +25 % "));
            Assert.That(result.Output, Does.Match(@"(?m)^PyTorch channels_last +2 .* 0\.80× +20 % "));
            Assert.That(result.Output, Does.Match(@"(?m)^engine float32 +1 +320 +320–320 +50 % "), "of one core's floor, and beside no PyTorch of one thread");
        }
    }

    [Test]
    public void Bench_TellsCoresNormsAndFirstStep()
    {
        var result = Bench("--depth", "20", "--threads", "2", "--rounds", "1");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Output, Does.Contain("cores: the engine is 2.00 times as fast on 2 threads as on one"));
            Assert.That(result.Output, Does.Contain("gradient norms: measuring and writing those of all layers takes 2.00 % of an engine's step"));
            Assert.That(result.Output, Does.Contain("first step: 1.50 s after the start of the process, of which making the engine took 0.25 s"));
        }
    }

    [Test]
    public void Bench_WritesTheSameJsonToStandardOutputAndToTheFile()
    {
        var file = At("new", "bench.json");

        var result = Bench("--depth", "20,26", "--threads", "1", "--rounds", "1", "--json", "--output", file);

        var json = JsonNode.Parse(result.Output)!;
        var row = json["networks"]![0]!["rows"]![1]!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(File.ReadAllText(file).Trim(), Is.EqualTo(result.Output.Trim()));
            Assert.That(json["networks"]!.AsArray().Select(network => (int)network!["depth"]!), Is.EqualTo(new[] { 20, 26 }));
            Assert.That((int)json["environment"]!["threads"]!, Is.EqualTo(1));
            Assert.That((string)json["environment"]!["cpu"]!, Is.Not.Empty);
            Assert.That((string)row["kind"]!, Is.EqualTo("engine"));
            Assert.That((double)row["imagesPerSecondMedian"]!, Is.EqualTo(320).Within(1e-9)); // one division
            Assert.That((long)row["peakMemoryBytes"]!, Is.EqualTo(300L << 20));
            Assert.That((double)row["engineCreationSeconds"]!, Is.EqualTo(0.25));
        }
    }

    [Test]
    public void Bench_MeasuresDeepNetworksAgainstDepth110()
    {
        var result = Bench("--depth", "20", "--only", "engine", "--threads", "2", "--deep", "--rounds", "5");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Output, Does.Contain("Fixup ResNet-1202, batch 128, 3 rounds"));
            Assert.That(result.Output, Does.Contain("Fixup ResNet-9998, batch 128, 3 rounds"));
            Assert.That(result.Output, Does.Match(@"(?m)^engine float32, depth 110 +2 "));
            Assert.That(result.Output, Does.Contain("depth: a layer takes 1.00 times what it takes at depth 110"));
            Assert.That(result.Output, Does.Contain("memory: all of it fits"));
        }
    }

    [Test]
    public void Bench_MeasuresBatchNorm()
    {
        var result = Bench("--variant", "batchnorm", "--depth", "20", "--only", "eager,pytorch", "--rounds", "1");

        Assert.That(result.Output, Does.Contain("BatchNorm ResNet-20, batch 128, 1 rounds"));
    }

    [Test]
    public void Bench_SaysWhoIsMissing()
    {
        var contenders = new FixedContenders { Missing = [ContenderKind.PytorchNchw, ContenderKind.PytorchChannelsLast] };

        var result = RunWith(contenders, "bench", "--depth", "20", "--threads", "2", "--rounds", "1");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.Zero);
            Assert.That(result.Output, Does.Contain("PyTorch NCHW is left out: it is not here"));
            Assert.That(result.Output, Does.Not.Match(@"(?m)^PyTorch NCHW +2"));
        }
    }

    [Test]
    public void Bench_IsUnavailable_WhenAllThatWasAskedForIsMissing()
    {
        var contenders = new FixedContenders { Missing = [ContenderKind.PytorchNchw, ContenderKind.PytorchChannelsLast] };

        var result = RunWith(contenders, "bench", "--depth", "20", "--threads", "2", "--only", "pytorch");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.EqualTo(69));
            Assert.That(result.ErrorLines, Has.Length.EqualTo(1).And.One.Contains("it is not here"));
        }
    }

    [TestCase("--depth 21", "nearest: 20, 26")]
    [TestCase("--depth 20,x", "\"x\"")]
    [TestCase("--depth 20,", "\"\"")]
    [TestCase("--depth 99999999999", "\"99999999999\"")]
    [TestCase("--deep 9999", "nearest: 9998")]
    [TestCase("--only engin", "did you mean \"engine\"?")]
    [TestCase("--only engine,1", "must be some of engine, eager, pytorch, floor")]
    [TestCase("--only eager --deep", "--only leaves out")]
    [TestCase("--variant fixp", "did you mean \"fixup\"?")]
    [TestCase("--variant t-fixup", "resnet-cifar has fixup, batchnorm, plain")]
    [TestCase("--model transformer --variant batchnorm", "transformer has fixup, plain")]
    [TestCase("--model mlp", "must be one of resnet-cifar, resnet-imagenet, transformer")]
    [TestCase("--size 64", "resnet-cifar has 32")]
    [TestCase("--model resnet-imagenet --depth 20", "must be one of 18, 34, 50, 101, 152, 200")]
    [TestCase("--variant batchnorm --deep", "needs the statistics of all of it")]
    [TestCase("--seconds 0", "above 0")]
    [TestCase("--seconds NaN", "above 0")]
    [TestCase("--seconds 1e9", "at most 3600")]
    [TestCase("--rounds 0", "from 1 on")]
    [TestCase("--batch -1", "from 1 on")]
    [TestCase("--threads two", "from 1 on")]
    public void Bench_RefusesBadInput(string options, string said)
    {
        var result = Bench(options.Split(' '));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.EqualTo(64));
            Assert.That(result.Error, Does.Contain(said));
            Assert.That(result.Output, Is.Empty);
        }
    }

    [Test]
    public void Bench_RefusesAFolderAsFile_BeforeItMeasures()
    {
        var result = Bench("--output", Folder);

        Assert.That(result, Has.Property(nameof(CliResult.ExitCode)).EqualTo(64).And.Property(nameof(CliResult.Error)).Not.Contains("round"));
    }

    private static CliResult Bench(params string[] options) => Run(["bench", .. options]);
}
