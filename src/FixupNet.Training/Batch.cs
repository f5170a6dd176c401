using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training;

/// <summary>What one training or evaluation step sees; its tensors belong to the dispose scope they were made in.</summary>
/// <param name="Images">Normalised images [N,3,32,32] in the run's precision.</param>
/// <param name="Labels">Class indices [N], int64.</param>
/// <param name="Mix">How images were mixed in pairs; null without mixup.</param>
/// <param name="DropSeed">The seed of what the network drops at random.</param>
/// <param name="FirstImage">The position of the first image in the whole batch.</param>
public sealed record Batch(Tensor Images, Tensor Labels, LabelMix? Mix = null, ulong DropSeed = 0, int FirstImage = 0)
{
    /// <summary>N.</summary>
    public int Count => (int)Labels.shape[0];

    /// <summary>Some of the examples, as views.</summary>
    /// <param name="start">The first one.</param>
    /// <param name="count">How many.</param>
    public Batch Slice(int start, int count) => new(
        Images.narrow(0, start, count),
        Labels.narrow(0, start, count),
        Mix is null ? null : Mix with { PartnerLabels = Mix.PartnerLabels.narrow(0, start, count) },
        DropSeed,
        FirstImage + start);
}

/// <summary>The second label of every mixed image.</summary>
/// <param name="PartnerLabels">Class indices of the partners [N], int64.</param>
/// <param name="Lambda">λ, the share of the first image, in [0, 1].</param>
public sealed record LabelMix(Tensor PartnerLabels, double Lambda);
