using FixupNet.Diagnostics;

namespace FixupNet.Tests.Diagnostics;

public sealed class ConvolutionCheckTests
{
    // Never seen to be wrong on any machine: a check that finds fault here is itself at fault.
    [TestCase(16, 16)]
    [TestCase(16, 32)]
    public void IsRight_AtMultiplesOf16(int inChannels, int outChannels) => Assert.That(ConvolutionCheck.IsRight(inChannels, outChannels), Is.True);
}
