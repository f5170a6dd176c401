using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Architectures;

/// <summary>Logits, losses and gradients of small Transformers, against PyTorch.</summary>
public class TransformerReferenceTests
{
    // The reference's own sensitivity: 1e-13 on every parameter moves single norms by 1.4e-9 of themselves at most.
    [TestCaseSource(typeof(TransformerReference), nameof(TransformerReference.Cases))]
    public void Training_EqualsTheReference_InFloat64(string name) => Check(name, ScalarType.Float64, relative: 1e-9, floor: 1e-12);

    // PyTorch's own distance from its float64 results is 6e-5 of single norms.
    [TestCaseSource(typeof(TransformerReference), nameof(TransformerReference.Cases))]
    public void Training_IsClose_InFloat32(string name) => Check(name, ScalarType.Float32, relative: 1e-4, floor: 1e-5);

    private static void Check(string name, ScalarType dtype, double relative, double floor)
    {
        using var scope = NewDisposeScope();
        var expected = TransformerReference.File.GetProperty(name);
        var network = TransformerReference.Create(TransformerReference.OptionsOf(name), dtype);
        var target = TransformerReference.Part("target");
        var lastOfFirst = 6;
        var output = new ReferenceOutput(
            logits => nn.functional.cross_entropy(logits.reshape(-1, TransformerReference.Vocabulary), target.reshape(-1), ignore_index: Symbols.Pad, label_smoothing: 0.1),
            logits => logits.select(0, 0).select(0, lastOfFirst), "logits_first_sentence_last_position", ScalarFactor: 1, IsBrief: true);

        ReferenceTraining.Check(
            network, TransformerReference.Tokens(), expected, expected.GetProperty("learning_rate").GetDouble(), relative, floor, output: output);
    }
}
