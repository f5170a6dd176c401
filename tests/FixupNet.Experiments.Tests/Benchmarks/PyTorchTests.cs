using FixupNet.Experiments.Benchmarks;

namespace FixupNet.Experiments.Tests.Benchmarks;

internal sealed class PyTorchTests
{
    [Test]
    public void Script_LiesBesideTheProgram() => Assert.That(PyTorch.Script, Does.Exist);

    [TestCase(ContenderKind.PytorchNchw, "resnet-cifar", "fixup", 8)]
    [TestCase(ContenderKind.PytorchChannelsLast, "resnet-cifar", "batchnorm", 8)]
    [TestCase(ContenderKind.PytorchNchw, "resnet-imagenet", "fixup", 18)]
    [TestCase(ContenderKind.PytorchNchw, "resnet-imagenet", "fixup", 50)]
    [TestCase(ContenderKind.PytorchChannelsLast, "resnet-imagenet", "batchnorm", 18)]
    [TestCase(ContenderKind.PytorchChannelsLast, "resnet-imagenet", "batchnorm", 50)]
    [TestCase(ContenderKind.Pytorch, "transformer", "pre-layernorm", 8)]
    [TestCase(ContenderKind.Pytorch, "transformer", "post-layernorm", 8)]
    public void Start_ComputesSteps(ContenderKind kind, string model, string variant, int depth)
    {
        if (PyTorch.Find() is not { } torch)
        {
            Assert.Ignore("no Python with torch on this machine");
            return;
        }
        using var process = new ContenderProcess(
            () => torch.Start(new Contender(kind, depth, BatchSize: 2, Threads: 1, Variant: variant) { Model = BenchmarkModel.Of(model) }), "PyTorch", TimeProvider.System);

        using var network = BenchmarkModel.Of(model).Create(variant, depth);

        var round = process.Run(1e-9);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(process.Ready.Version, Does.StartWith("torch "));
            Assert.That(process.Ready.ParameterCount, Is.EqualTo(network.parameters().Sum(parameter => parameter.numel())), "it is the same network");
            Assert.That(round.StepSeconds, Has.Count.EqualTo(1).And.All.Positive);
            Assert.That(round.PeakMemoryBytes, Is.GreaterThan(50L << 20), "torch alone takes more");
        }
    }
}
