using FixupNet.Methods;
using FixupNet.Residual;

namespace FixupNet.Architectures;

/// <summary>The geometry of the three-stage CIFAR networks: 3×3 stem, three stages of basic blocks, global average pooling, linear classifier.</summary>
/// <param name="StemChannels">Channels after the stem.</param>
/// <param name="StageChannels">Channels of the first stage; the second and third have 2 and 4 times as many and halve the image.</param>
/// <param name="BlocksPerStage">n.</param>
/// <param name="Projects">Whether a changed shape is reached by a 1×1 convolution; else by sub-sampling and zero channels.</param>
/// <remarks>State-dict names are the published ones: conv1, layer1 … layer3, fc, and what the method adds.</remarks>
internal sealed record CifarLayout(int StemChannels, int StageChannels, int BlocksPerStage, bool Projects)
{
    private const int StageCount = 3;

    /// <summary>The network as a method dresses it.</summary>
    internal ResidualTopology Dress(Method method, int classCount, ImageShape images) => method.Dress(
        new BareLayer("conv1", images.Channels, StemChannels, Kernel: 3), [], [.. Enumerable.Range(0, StageCount).SelectMany(Stage)], "fc", classCount);

    private IEnumerable<BareBranch> Stage(int stage)
    {
        var channels = StageChannels << stage;
        for (var i = 0; i < BlocksPerStage; i++)
        {
            var before = i > 0 ? channels : stage == 0 ? StemChannels : channels / 2;
            yield return new BareBranch(
                $"layer{stage + 1}.{i}",
                [new("conv1", before, channels, Kernel: 3, i == 0 && stage > 0 ? 2 : 1), new("conv2", channels, channels, Kernel: 3)],
                Projects, stage * BlocksPerStage + i, StageCount * BlocksPerStage, i, stage == 0 ? 0 : BlocksPerStage);
        }
    }
}
