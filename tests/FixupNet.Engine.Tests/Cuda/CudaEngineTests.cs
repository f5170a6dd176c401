using FixupNet.Engine.Cuda;
using FixupNet.Engine.Interop;
using FixupNet.Models;
using FixupNet.Models.Architectures;
using FixupNet.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Engine.Tests.Cuda;

/// <summary>The step of the card, computed here on the CPU: the kernels emulated, the graph queued kernel by kernel.</summary>
public sealed class CudaEngineTests : EngineFixture
{
    private const int Side = 32;

    [OneTimeSetUp]
    public void EmulateKernels()
    {
        NativeLibraries.EmulatesCuda = true;
        Assert.That(CudaEngine.Unavailable, Is.Null);
    }

    private static readonly object[] s_networks =
    [
        Some.Cifar(8),
        Some.Cifar(8, variant: ResidualVariant.Plain),
        new WideResNetCifarOptions(ResidualVariant.Fixup, 10, 1),
    ];

    [TestCaseSource(nameof(s_networks))]
    public void Step_GivesTheExactGradient_InFloat32(object options)
    {
        using var network = Some.Network(options);
        var (images, labels) = (Some.Images(4, Side), Some.Labels(4));
        var (loss, expected) = Some.Reference(network, options, images, labels);
        using var optimizer = new Sgd(network.named_parameters(), new SgdOptions());
        using var engine = new CudaEngine(network, optimizer, Side, new CudaEngineOptions(3, Captured: false));

        var result = engine.Read(engine.Start(images, labels, null, 1, learningRateFactor: 0));

        Assert.That(result.Loss, Is.EqualTo(loss).Within(1e-5 * loss));
        AssertClose(Some.Gradients(network, optimizer.Gradients), expected, 1e-4);
    }

    // bfloat16 has 8 bits: 2^-9 a rounding, some tens of which lie between an image and a gradient.
    [Test]
    public void Step_IsNearTheExactGradient_ByFusedKernels([Values] bool inParts, [Values(ResidualVariant.Fixup, ResidualVariant.Plain)] ResidualVariant variant)
    {
        var options = Some.Cifar(20, variant: variant);
        using var network = Some.Network(options);
        var (images, labels) = (Some.Images(3, Side), Some.Labels(3));
        var (loss, expected) = Some.Reference(network, options, images, labels);
        using var optimizer = new Sgd(network.named_parameters(), new SgdOptions());
        using var engine = new CudaEngine(network, optimizer, Side, new CudaEngineOptions(inParts ? 2 : 3, BFloat16: true, Captured: false));

        var result = engine.Read(engine.Start(images, labels, null, 1, learningRateFactor: 0));

        Assert.That(result.Loss, Is.EqualTo(loss).Within(0.01 * loss));
        Assert.That(engine.Description, Does.Contain("7 of 9 blocks"));
        // A scalar's gradient may be a small difference of large sums: compared where it is not.
        var weights = expected.Where(item => item.Value.Length > 1).ToDictionary();
        var actual = Some.Gradients(network, optimizer.Gradients);
        AssertClose(weights.Keys.ToDictionary(name => name, name => actual[name]), weights, 0.05);
    }
}
