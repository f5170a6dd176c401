using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tasks;

/// <summary>Pairs of sentences.</summary>
/// <param name="Input">Sources, and what the decoder reads [N,2,T], int64.</param>
/// <param name="Targets">What it is asked for [N,T], int64.</param>
/// <param name="Words">Real words of each row's target, the end's symbol counted.</param>
/// <param name="DropSeed">The seed of what the network drops at random.</param>
/// <param name="FirstExample">The position of the first pair in the whole batch.</param>
public sealed record SentenceBatch(Tensor Input, Tensor Targets, IReadOnlyList<int> Words, ulong DropSeed = 0, int FirstExample = 0)
    : Batch(Input, DropSeed, FirstExample)
{
    /// <inheritdoc/>
    public override double Weight => Words.Sum();

    /// <inheritdoc/>
    public override SentenceBatch Slice(int start, int count) => new(
        Input.narrow(0, start, count), Targets.narrow(0, start, count), [.. Words.Skip(start).Take(count)], DropSeed, FirstExample + start)
    {
        Indices = Indices?.narrow(0, start, count),
    };
}
