using System.Text;
using FixupNet.Experiments.Configuration;
using FixupNet.Training;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Trials;

/// <summary>One comparison of a card with the processor.</summary>
/// <param name="Name">What was computed.</param>
/// <param name="Engine">What computed it on the card, and why.</param>
/// <param name="LossError">The largest |difference| / loss over the steps.</param>
/// <param name="NormError">The largest |difference| of a layer's gradient norm / that norm, over layers and steps.</param>
/// <param name="Tolerance">What both may be.</param>
/// <param name="Repeats">Whether a second run gave the same bits.</param>
public sealed record CardCheckRow(string Name, string Engine, double LossError, double NormError, double Tolerance, bool Repeats)
{
    /// <summary>Whether the card computes what the processor computes.</summary>
    public bool IsGood => LossError <= Tolerance && NormError <= Tolerance;
}

/// <summary>Whether a card computes what the processor computes: some training steps of small networks on both.</summary>
public static class CardCheck
{
    private const int Steps = 3;
    private const double Float32Tolerance = 1e-4;

    // 8 bits a number, some tens of roundings between an image and a gradient; a norm of a few numbers has no others to average with.
    private const double BFloat16Tolerance = 0.1;

    private static readonly (string Name, string Model)[] s_networks =
    [
        ("fixup-20", """{ "name": "resnet-cifar", "variant": "fixup", "depth": 20 }"""),
        ("batchnorm-20", """{ "name": "resnet-cifar", "variant": "batchnorm", "depth": 20 }"""),
        ("plain-20", """{ "name": "resnet-cifar", "variant": "plain", "depth": 20 }"""),
        ("wide-fixup-22", """{ "name": "wide-resnet-cifar", "variant": "fixup", "depth": 22, "widenFactor": 1 }"""),
    ];

    /// <summary>Compares.</summary>
    /// <param name="device">The card: cuda or cuda:N.</param>
    /// <exception cref="DeviceNotAvailableException">There is no such card.</exception>
    public static IEnumerable<CardCheckRow> Run(string device)
    {
        foreach (var (name, model) in s_networks)
        {
            var (expected, _) = Train(model, "cpu", "eager", "float32");
            foreach (var (precision, tolerance) in ((string, double)[])[("float32", Float32Tolerance), ("bfloat16", BFloat16Tolerance)])
            {
                if (precision == "bfloat16" && CudaGraphs.WhyNot(ComputeDevice.Of(device)) is not null) continue;
                var (actual, engine) = Train(model, device, "auto", precision);
                var (again, _) = Train(model, device, "auto", precision);
                yield return new CardCheckRow(
                    $"{name} {precision}", engine,
                    expected.Zip(actual, (e, a) => Error(a.Loss, e.Loss)).Max(),
                    expected.Zip(actual).SelectMany(pair => pair.First.Norms.Norms.Zip(pair.Second.Norms.Norms, (e, a) => Error(a, e))).Max(),
                    tolerance,
                    actual.Zip(again, (a, b) => a.Loss.Equals(b.Loss) && a.Norms.Norms.SequenceEqual(b.Norms.Norms)).All(same => same));
            }
        }
    }

    // Norms that are 0 on the processor, as Fixup's are at first, must be 0 on the card.
    private static double Error(double actual, double expected) =>
        actual.Equals(expected) ? 0 : double.IsNaN(actual) ? double.PositiveInfinity : Math.Abs(actual - expected) / Math.Max(Math.Abs(expected), 1e-12);

    private static (List<StepResult> Results, string Engine) Train(string model, string device, string engine, string precision)
    {
        var json = $$"""
            { "name": "check", "dataset": { "name": "synthetic-shapes", "trainExamples": 256, "testExamples": 16 }, "model": {{model}},
              "optimizer": { "name": "sgd", "learningRate": 0.0001 },
              "training": { "batchSize": 64, "engine": "{{engine}}", "precision": "{{precision}}", "deterministic": true } }
            """;
        var document = TrainDocument.Parse(Encoding.UTF8.GetBytes(json), "check", [], ProductRegistries.All);
        using var trial = TrialAssembly.Create(document.Config, new TrialOptions(device));
        trial.Network.train();
        var results = new List<StepResult>();
        for (var i = 0; i < Steps; i++)
        {
            using var scope = NewDisposeScope();
            results.Add(trial.Step.Run(trial.Task.Training(0, i), learningRateFactor: 1));
        }
        return (results, trial.Engine);
    }
}
