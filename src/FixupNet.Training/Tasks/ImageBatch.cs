using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tasks;

/// <summary>Images and their classes.</summary>
/// <param name="Input">Normalised images [N,C,H,W] in the run's precision.</param>
/// <param name="Labels">Class indices [N], int64.</param>
/// <param name="Mix">How images were mixed in pairs; null without mixup.</param>
/// <param name="DropSeed">The seed of what the network drops at random.</param>
/// <param name="FirstExample">The position of the first image in the whole batch.</param>
public sealed record ImageBatch(Tensor Input, Tensor Labels, LabelMix? Mix = null, ulong DropSeed = 0, int FirstExample = 0)
    : Batch(Input, DropSeed, FirstExample)
{
    /// <summary>Normalised images [N,C,H,W].</summary>
    public Tensor Images => Input;

    /// <inheritdoc/>
    public override ImageBatch Slice(int start, int count) => new(
        Images.narrow(0, start, count),
        Labels.narrow(0, start, count),
        Mix is null ? null : Mix with { PartnerLabels = Mix.PartnerLabels.narrow(0, start, count) },
        DropSeed,
        FirstExample + start)
    {
        Indices = Indices?.narrow(0, start, count),
    };
}

/// <summary>The second label of every mixed image.</summary>
/// <param name="PartnerLabels">Class indices of the partners [N], int64.</param>
/// <param name="Lambda">λ, the share of the first image, in [0, 1].</param>
public sealed record LabelMix(Tensor PartnerLabels, double Lambda);
