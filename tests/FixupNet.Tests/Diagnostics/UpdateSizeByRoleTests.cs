using FixupNet.Architectures;
using FixupNet.Diagnostics;
using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Diagnostics;

public sealed class UpdateSizeByRoleTests
{
    [Test]
    public void Measure_SplitsAStep_AndLeavesTheNetworkWhereTheStepDid()
    {
        using var network = new ResNetCifar(new ResNetCifarOptions(Depth: 8), Cases.ClassCount);
        Cases.Initialize(network, "fixup", seed: 1);
        using var images = Cases.Images(4);
        var topology = network.Topology;

        var (whole, parts) = UpdateSizeByRole.Measure(network, images, learningRate: 0.5, () => Shift(topology, ParameterRole.ClassifierBias, 0.5));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(whole, Is.EqualTo(Math.Sqrt(Cases.ClassCount)).Within(1e-6)); // every logit is moved by one learning rate
            Assert.That(parts.Single(part => part.Role == ParameterRole.ClassifierBias).Size, Is.EqualTo(whole));
            Assert.That(parts.Where(part => part.Role != ParameterRole.ClassifierBias).Select(part => part.Size), Is.All.Zero);
            Assert.That(topology.Classifier!.Bias!.mean().ToDouble(), Is.EqualTo(0.5).Within(1e-6));
        }
    }

    private static void Shift(ResidualTopology topology, ParameterRole role, double by)
    {
        using var noGradients = no_grad();
        foreach (var parameter in topology.Parameters.Where(parameter => topology.RoleOf(parameter) == role)) parameter.add_(by);
    }
}
