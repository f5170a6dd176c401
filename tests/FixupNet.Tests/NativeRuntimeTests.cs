namespace FixupNet.Tests;

public sealed class NativeRuntimeTests
{
    [TestCase(0.0, 2, 10_000)]
    [TestCase(1.9, 2, 10_000)]
    [TestCase(2.0, 2, 0)]
    [TestCase(12.0, 2, 0)]
    [TestCase(12.0, 64, 10_000)]
    public void SpinCount_IsZero_WhereOtherThreadsWantTheProcessors(double load, int processors, int expected) =>
        Assert.That(NativeRuntime.SpinCount(load, processors), Is.EqualTo(expected));

    [TestCase(true, true, "SkylakeX")]
    [TestCase(false, true, "Haswell")]
    [TestCase(false, false, null)]
    public void BlasKernels_AreTheFastestThatRun(bool hasAvx512, bool hasAvx2, string? expected) =>
        Assert.That(NativeRuntime.BlasKernels(hasAvx512, hasAvx2), Is.EqualTo(expected));
}
