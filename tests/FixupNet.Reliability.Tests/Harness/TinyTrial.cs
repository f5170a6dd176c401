namespace FixupNet.Reliability.Tests.Harness;

/// <summary>A training short enough to be repeated hundreds of times: two epochs of three steps, in which everything random is on and every log written.</summary>
internal static class TinyTrial
{
    /// <summary>Its document. Checkpoints fall on steps 2 and 4, best evaluations and the end on 3 and 6.</summary>
    internal const string Document = """
        { "name": "tiny", "dataset": { "name": "synthetic-shapes", "trainExamples": 22, "testExamples": 8 },
          "augmentation": { "mixupAlpha": 0.3 },
          "model": { "name": "resnet-cifar", "depth": 8, "width": 2 },
          "optimizer": { "name": "sgd", "learningRate": 0.05, "nesterov": true },
          "training": { "epochs": 2, "batchSize": 8 },
          "record": { "gradientNormsEverySteps": 1, "metricsEverySteps": 2, "activationsEverySteps": 3 },
          "checkpoint": { "everySteps": 2, "keep": 2 } }
        """;

    /// <summary>The command that trains it.</summary>
    /// <param name="document">File of the document.</param>
    /// <param name="output">The run's folder.</param>
    /// <param name="more">Changes and options.</param>
    internal static IReadOnlyList<string> Command(string document, string output, params IEnumerable<string> more) =>
        [ProgramRun.Program, "train", document, .. more, "--output", output, .. more.Contains("--threads") ? (string[])[] : ["--threads", "1"]];
}
