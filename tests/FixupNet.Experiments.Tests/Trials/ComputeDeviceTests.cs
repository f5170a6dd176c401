using FixupNet.Experiments.Trials;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Tests.Trials;

internal sealed class ComputeDeviceTests : TrialFixture
{
    [Test]
    public void Of_GivesTheCpu() => Assert.That(ComputeDevice.Of("cpu").type, Is.EqualTo(DeviceType.CPU));

    [Test]
    public void Of_TakesAGpuWhereThereIsOne_WhenAuto() =>
        Assert.That(ComputeDevice.Of("auto").type, Is.EqualTo(cuda.is_available() ? DeviceType.CUDA : DeviceType.CPU));

    [TestCase("")]
    [TestCase("gpu")]
    [TestCase("CPU")]
    [TestCase("cuda:")]
    [TestCase("cuda:-1")]
    [TestCase("cuda:one")]
    [TestCase("cuda:+1")]
    [TestCase("cuda: 1")]
    [TestCase("cudax")]
    public void Of_Refuses_WhenTheNameIsUnknown(string name) =>
        Assert.That(() => ComputeDevice.Of(name), Throws.ArgumentException.With.Message.Contains($"device is \"{name}\""));

    [Test]
    public void Of_Refuses_WhenThereIsNoSuchGpu() =>
        Assert.That(() => ComputeDevice.Of("cuda:99"), Throws.TypeOf<DeviceNotAvailableException>().With.Message.Contains("CUDA device(s)"));

    [Test]
    public void Run_Refuses_WhenThereIsNoGpu()
    {
        if (cuda.is_available()) Assert.Ignore("There is a GPU here.");

        Assert.That(() => Run(Document(), At("a"), OnCpu with { Device = "cuda" }), Throws.TypeOf<DeviceNotAvailableException>());
    }

    [Test]
    public void Run_Refuses_WhenTheDeviceIsUnknown() =>
        Assert.That(() => Run(Document(), At("a"), OnCpu with { Device = "tpu" }), Throws.ArgumentException);
}
