namespace FixupNet.Reliability.Tests.Resume;

/// <summary>A training and where it is interrupted.</summary>
/// <param name="Cut">Where.</param>
/// <param name="Changes">What is trained: changes to a document.</param>
internal sealed record ResumeCase(Cut Cut, IReadOnlyList<string> Changes)
{
    private static readonly string[][] s_networks =
    [
        ["model.variant=fixup"], ["model.variant=batchnorm"], ["model.variant=plain"],
        ["model.variant=fixup", "model.depth=20"], ["model.variant=batchnorm", "model.depth=20"], ["model.variant=plain", "model.depth=20"],
        ["model.variant=fixup", "model.depth=110"], ["model.variant=batchnorm", "model.depth=110"],
        ["model={\"name\":\"wide-resnet-cifar\",\"variant\":\"fixup\",\"depth\":10}"],
    ];

    private static readonly string[][] s_arithmetic =
    [
        ["training.engine=depth-first"], ["training.engine=depth-first", "training.precision=bfloat16"],
        ["training.engine=depth-first", "training.microBatchSize=3"],
        ["training.engine=eager"], ["training.engine=eager", "training.precision=float64"], ["training.engine=eager", "training.microBatchSize=3"],
    ];

    private static readonly string[][] s_deepInitializations = [[], ["initialization.name=zero-last-layer"], ["initialization.name=branch-scale"]];

    private static readonly string[][] s_initializations =
        [.. s_deepInitializations, ["initialization.name=he-fan-out"], ["initialization.name=he-fan-in"], ["initialization.name=xavier"]];

    private static readonly string[][] s_optimizers =
    [
        [], ["optimizer.momentum=0"], ["optimizer.nesterov=true"], ["optimizer.weightDecay=0"],
        ["optimizer.scalarGroup=single-element", "optimizer.scalarLearningRateFactor=1"],
        ["schedule={\"name\":\"cosine\",\"warmupEpochs\":1}"], ["schedule={\"name\":\"steps\",\"milestonesEpochs\":[1,2]}"],
    ];

    private static readonly string[][] s_data =
        [[], ["augmentation.mixupAlpha=0.7"], ["augmentation.crop=false", "augmentation.flip=false"], ["augmentation.crop=false", "augmentation.mixupAlpha=0.2"]];

    private static readonly string[][] s_records =
    [
        [], ["record.layers=all", "record.gradientNormsEverySteps=1"], ["record.metricsEverySteps=1"],
        ["record.tensorboard=true", "record.activationsEverySteps=1"], ["checkpoint.everySteps=1", "checkpoint.keep=1"],
    ];

    /// <summary>Cases in which every network meets every cut, with the other choices drawn at random.</summary>
    internal static IReadOnlyList<ResumeCase> Of(int count) => [.. Enumerable.Range(0, count).Select(Numbered)];

    /// <inheritdoc/>
    public override string ToString() => $"{Cut} of {string.Join(' ', Changes)}";

    private static ResumeCase Numbered(int number)
    {
        var random = new Random(number);
        string[] Any(string[][] choices) => choices[random.Next(choices.Length)];

        var (network, arithmetic) = (s_networks[number % s_networks.Length], Any(s_arithmetic));
        // Batch normalization needs whole batches, eagerly.
        if (network[0].Contains("batchnorm")) arithmetic = ["training.engine=eager", $"training.precision={(random.Next(2) == 0 ? "float32" : "float64")}"];
        // What is not made for depth diverges at 110 layers, and then there is nothing to resume.
        var initialization = network[0].Contains("batchnorm") ? [] : Any(network.Contains("model.depth=110") ? s_deepInitializations : s_initializations);
        // Each network meets each cut in turn.
        var cut = (Cut)((number + number / s_networks.Length) % Enum.GetValues<Cut>().Length);
        // Only an evaluation of several batches can be interrupted in its middle.
        string[] evaluation = cut == Cut.Evaluation ? ["dataset.testExamples=510"] : [];
        return new ResumeCase(cut, [.. evaluation, .. network, .. arithmetic, .. initialization, .. Any(s_optimizers), .. Any(s_data), .. Any(s_records)]);
    }
}
