using FixupNet.Architectures;
using FixupNet.Execution;

namespace FixupNet.Tests.Execution;

public sealed class StageSizesTests
{
    // 3×3 filters see nine pixels of every channel at each place of the output.
    [Test]
    public void Unfolded_IsWhatTheLargestConvolutionSees()
    {
        using var network = new ResNetCifar(new ResNetCifarOptions(Depth: 8));

        var sizes = StageSizes.Of(network);

        Assert.That(
            network.Stages.Select(stage => sizes[stage.Name].Unfolded),
            Is.EqualTo((long[])[9 * 3 * 32 * 32, 9 * 16 * 32 * 32, 9 * 32 * 16 * 16, 9 * 64 * 8 * 8, 0]));
    }
}
