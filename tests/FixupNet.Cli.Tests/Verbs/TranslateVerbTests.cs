using System.Text;
using System.Text.Json.Nodes;
using FixupNet.Runs;

namespace FixupNet.Cli.Tests.Verbs;

internal sealed class TranslateVerbTests : CliTests
{
    private const string Document = """
        { "name": "small", "task": { "name": "translation", "trainExamples": 40, "testExamples": 4, "merges": 20 },
          "model": { "name": "transformer", "depth": 1, "width": 16 }, "optimizer": { "name": "adam" }, "training": { "epochs": 1, "batchSize": 16 } }
        """;

    [Test]
    public void Translate_GivesALineForEachLine()
    {
        var (train, run) = TrainSmall();
        Write("text.txt", "the dog sees a cat.\n\nthe birds like Kalo.\n");

        var result = Run("translate", run, At("text.txt"), "--threads", "1");
        var piped = RunIn(host => host with { OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes("the dog sees a cat.\n")) }, ["translate", run, "--beam", "2"]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(train.ExitCode, Is.Zero, train.Error);
            Assert.That((result.ExitCode, result.Output.Split('\n').Length), Is.EqualTo((0, 4)), result.Error);
            Assert.That(result.Output.Split('\n')[1].Trim(), Is.Empty);
            Assert.That((piped.ExitCode, piped.Output.Split('\n').Length), Is.EqualTo((0, 2)), piped.Error);
        }
    }

    [Test]
    public void Evaluate_GivesTheTasksMetrics()
    {
        var (_, run) = TrainSmall();

        var result = Run("evaluate", run, "--json");

        var measured = JsonNode.Parse(result.Output)!.AsObject();
        Assert.That(measured.Select(item => item.Key), Is.EqualTo((string[])["loss", "perplexity", "bleu", "exact", "exampleCount"]), result.Error);
    }

    // Batches, dropout and weights are those of the run without a break, to the bit; in the middle of the second epoch too.
    [Test]
    public void Train_ContinuesToTheSameWeights()
    {
        string[] command = ["train", Write("small.json", Document), "model.dropout=0.2", "training.epochs=2", "--threads", "1"];

        var whole = Run([.. command, "--output", At("whole")]);
        var limited = Run([.. command, "--output", At("parts"), "--max-steps", "4"]);
        var rest = Run([.. command, "--output", At("parts")]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((whole.ExitCode, limited.ExitCode, rest.ExitCode), Is.EqualTo((0, 0, 0)), whole.Error + limited.Error + rest.Error);
            Assert.That(limited.Output, Does.Contain("stopped, to be continued"));
            Assert.That(File.ReadAllBytes(Weights("parts")), Is.EqualTo(File.ReadAllBytes(Weights("whole"))));
        }
    }

    [Test]
    public void Translate_Refuses_AnotherRunsVocabulary()
    {
        var (_, run) = TrainSmall();
        var (_, other) = TrainSmall("other", Document.Replace("\"merges\": 20", "\"merges\": 21", StringComparison.Ordinal));
        File.Copy(Path.Combine(other, "vocabulary.json"), Path.Combine(run, "vocabulary.json"), overwrite: true);
        Write("text.txt", "the dog sees a cat.\n");

        var result = Run("translate", run, At("text.txt"));

        Assert.That((result.ExitCode, result.Error.Contains("another run's")), Is.EqualTo((65, true)), result.Error);
    }

    [Test]
    public void Translate_Refuses_ARunOfAnotherTask()
    {
        Run("train", At("train.json"), "--output", At("images"), "--threads", "1");
        Write("text.txt", "the dog sees a cat.\n");

        var result = Run("translate", At("images"), At("text.txt"));

        Assert.That((result.ExitCode, result.Error.Contains("must be \"translation\" to translate")), Is.EqualTo((78, true)), result.Error);
    }

    [Test]
    public void Train_SaysWhichFileIsMissing_BeforeItStarts()
    {
        Write("missing.json", """{ "name": "a", "task": { "name": "translation", "folder": "nowhere" }, "model": { "name": "transformer" } }""");

        var result = Run("train", At("missing.json"), "--output", At("run"));

        Assert.That((result.ExitCode, result.Error.Contains("train.de is not there"), Directory.Exists(At("run"))), Is.EqualTo((66, true, false)), result.Error);
    }

    [TestCase("resnet-cifar", "pre-layernorm")]
    [TestCase("transformer", "batchnorm")]
    public void Train_Refuses_AMethodThatTheModelHasNoFormOf(string model, string method)
    {
        Write("wrong.json", $$"""{ "name": "a", "model": { "name": "{{model}}", "variant": "{{method}}" }{{(model == "transformer" ? ", \"task\": \"translation\"" : "")}} }""");

        var result = Run("train", At("wrong.json"), "--dry-run");

        Assert.That((result.ExitCode, result.Error.Contains("has no form for")), Is.EqualTo((78, true)), result.Error);
    }

    [TestCase("initialization.name=delta-orthogonal", "initialization.name is \"delta-orthogonal\", which is not for networks that take sentences")]
    [TestCase("regularization.dropout=0.1", "set model.dropout")]
    [TestCase("model.sharing=all task.jointVocabulary=false", "task.jointVocabulary to true")]
    [TestCase("task.target=de", "task.target is \"de\"")]
    public void Train_Refuses_WhatDoesNotSuitSentences(string overrides, string expected)
    {
        var result = Run(["train", Write("small.json", Document), .. overrides.Split(' '), "--dry-run"]);

        Assert.That((result.ExitCode, result.Error.Contains(expected)), Is.EqualTo((78, true)), result.Error);
    }

    [Test]
    public void Train_Refuses_AnInitializationOfTransformersForImages()
    {
        var result = Run("train", At("train.json"), "initialization.name=t-fixup", "--dry-run");

        Assert.That((result.ExitCode, result.Error.Contains("is not for networks that take images")), Is.EqualTo((78, true)), result.Error);
    }

    private string Weights(string run) => Directory.GetFiles(At(run, "checkpoints"), "model.safetensors", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Last();

    private (CliResult Result, string Run) TrainSmall(string name = "run", string document = Document)
    {
        Write($"{name}.json", document);
        return (Run("train", At($"{name}.json"), "--output", At(name), "--threads", "1"), new TrialDirectory(At(name)).Root);
    }
}
