using System.Text.Json;
using FixupNet.Architectures;
using FixupNet.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Methods;

/// <summary>Every method's network against PyTorch's float64 results of three steps.</summary>
public sealed class MethodReferenceTests
{
    private static readonly JsonElement s_plain = ReferenceTraining.Read("methods.json");
    private static readonly JsonElement s_clipped = ReferenceTraining.Read("agc.json");

    private static IEnumerable<TestCaseData> Networks() => Of(s_plain, false).Concat(Of(s_clipped, true));

    // Moving every parameter by 1e-13 of itself moves norms by up to 1.4e-9 of themselves: the bar is 1e-9, beside 1e-12 of the whole gradient's norm.
    [TestCaseSource(nameof(Networks))]
    public void Training_EqualsPyTorch_InFloat64(string name, bool isClipped) => Check(name, isClipped, ScalarType.Float64, 1e-9, 1e-12);

    [TestCaseSource(nameof(Networks))]
    public void Training_EqualsPyTorch_InFloat32(string name, bool isClipped) => Check(name, isClipped, ScalarType.Float32, 1e-4, 1e-6);

    private static IEnumerable<TestCaseData> Of(JsonElement reference, bool isClipped) =>
        reference.EnumerateObject().Where(member => member.Name.Contains(':')).Select(member => new TestCaseData(member.Name, isClipped));

    private static void Check(string name, bool isClipped, ScalarType dtype, double relative, double floor)
    {
        using var scope = NewDisposeScope();
        using var network = Network(name, dtype);
        var expected = (isClipped ? s_clipped : s_plain).GetProperty(name);
        ReferenceTraining.Check(network, ReferenceTraining.Images(32, 32, dtype), expected, learningRate: 0.001, relative, floor, isClipped: isClipped);
    }

    internal static ResNetCifar Network(string name, ScalarType dtype)
    {
        var parts = name.Split(':');
        var method = parts[0] switch
        {
            "nf" => new NormFreeMethod(SkipGain: false),
            "nf+skipgain" => new NormFreeMethod(SkipGain: true),
            _ => MethodZoo.All[parts[0]].Method,
        };
        var network = new ResNetCifar(new ResNetCifarOptions(method, int.Parse(parts[1]))).to(dtype);
        ReferenceTraining.SetParameters(network);
        return network;
    }
}
