using System.Text.Json;
using FixupNet.Architectures;
using FixupNet.Initialization.Schemes;
using FixupNet.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Architectures;

/// <summary>ImageNet ResNets against PyTorch's float64 results and the published parameter counts.</summary>
public sealed class ResNetImageNetTests
{
    private static readonly JsonElement s_reference = ReferenceTraining.Read("imagenet.json");

    private static IEnumerable<string> Networks() => s_reference.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Object
        && member.Value.TryGetProperty("losses", out _)).Select(member => member.Name);

    private static IEnumerable<string> Counted() => s_reference.GetProperty("counts, 1000 classes").EnumerateObject().Select(member => member.Name);

    [TestCaseSource(nameof(Networks))]
    public void Training_EqualsPyTorch_InFloat64(string name) => Check(name, ScalarType.Float64, 1e-9, 1e-12);

    // Of batchnorm:50, with statistics over four images of 2×2 pixels, PyTorch's own float32 losses are 3e-4 off its float64 ones, and its norms 4e-3.
    // Elsewhere norms are held to 1e-4 of the whole gradient's: a sum that is 0 but for rounding may fall on either side of a ReLU.
    [TestCaseSource(nameof(Networks))]
    public void Training_EqualsPyTorch_InFloat32(string name)
    {
        if (name == "batchnorm:50") Check(name, ScalarType.Float32, 5e-4, 2e-4, normFactor: 30);
        else Check(name, ScalarType.Float32, 1e-4, 1e-4);
    }

    [TestCaseSource(nameof(Counted))]
    public void Parameters_AreThoseOfThePublishedNetworks(string name)
    {
        var expected = s_reference.GetProperty("counts, 1000 classes").GetProperty(name);
        using var network = new ResNetImageNet(Options(name));
        var parameters = network.named_parameters().ToList();

        Assert.That(
            (parameters.Sum(item => item.parameter.numel()), parameters.Count, parameters.Count(item => item.parameter.numel() == 1)),
            Is.EqualTo((expected.GetProperty("parameters").GetInt64(), expected.GetProperty("tensors").GetInt32(), expected.GetProperty("scalars").GetInt32())));
    }

    [TestCase("fixup_std:50, layer1 and layer4.0", 50)]
    [TestCase("fixup_std:18, first blocks", 18)]
    public void Fixup_ScalesBranchesByTheirDepth(string name, int depth)
    {
        using var network = new ResNetImageNet(new ResNetImageNetOptions(Depth: depth));
        FixupScheme.Apply(network.Topology, seed: 1);
        var parameters = network.named_parameters().ToDictionary(item => item.name, item => item.parameter);

        using (Assert.EnterMultipleScope())
        {
            foreach (var layer in s_reference.GetProperty(name).EnumerateObject())
            {
                using var weight = parameters[layer.Name].detach();
                var deviation = weight.square().mean().sqrt().ToDouble();
                Assert.That(deviation, Is.EqualTo(layer.Value.GetDouble()).Within(3).Percent, layer.Name); // of at least 4,096 draws
            }
        }
    }

    [Test]
    public void Depth_OfNoPublishedNetwork_IsRefused() =>
        Assert.That(() => new ResNetImageNet(new ResNetImageNetOptions(Depth: 20)), Throws.ArgumentException.With.Message.Contains("must be one of 18, 34, 50, 101, 152, 200"));

    private static void Check(string name, ScalarType dtype, double relative, double floor, double normFactor = 1)
    {
        using var scope = NewDisposeScope();
        var expected = s_reference.GetProperty(name);
        var size = expected.GetProperty("image").EnumerateArray().Select(extent => extent.GetInt32()).ToList();
        using var network = new ResNetImageNet(Options(name), expected.GetProperty("classes").GetInt32(), new ImageShape(3, size[0], size[1])).to(dtype);
        ReferenceTraining.SetParameters(network);
        ReferenceTraining.Check(
            network, ReferenceTraining.Images(size[0], size[1], dtype, chirp: 0.003), expected, expected.GetProperty("learning_rate").GetDouble(), relative, floor, normFactor);
    }

    private static ResNetImageNetOptions Options(string name)
    {
        var parts = name.Split(':', ',');
        return new ResNetImageNetOptions(MethodZoo.All[parts[0]].Method, int.Parse(parts[1]));
    }
}
