using FixupNet.Experiments.Benchmarks;

namespace FixupNet.Experiments.Tests.Benchmarks;

internal sealed class PyTorchTests
{
    [Test]
    public void Script_LiesBesideTheProgram() => Assert.That(PyTorch.Script, Does.Exist);

    [TestCase(ContenderKind.PytorchNchw, "fixup")]
    [TestCase(ContenderKind.PytorchChannelsLast, "batchnorm")]
    public void Start_ComputesSteps(ContenderKind kind, string variant)
    {
        if (PyTorch.Find() is not { } torch)
        {
            Assert.Ignore("no Python with torch on this machine");
            return;
        }
        using var process = new ContenderProcess(
            () => torch.Start(new Contender(kind, Depth: 8, BatchSize: 2, Threads: 1, Variant: variant)), "PyTorch", TimeProvider.System);

        var round = process.Run(1e-9);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(process.Ready.Version, Does.StartWith("torch "));
            Assert.That(round.StepSeconds, Has.Count.EqualTo(1).And.All.Positive);
            Assert.That(round.PeakMemoryBytes, Is.GreaterThan(50L << 20), "torch alone takes more");
        }
    }
}
