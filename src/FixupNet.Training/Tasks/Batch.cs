using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tasks;

/// <summary>What one training or evaluation step sees; its tensors belong to the dispose scope they were made in.</summary>
/// <param name="Input">What the network takes: of N examples, the first dimension.</param>
/// <param name="DropSeed">The seed of what the network drops at random.</param>
/// <param name="FirstExample">The position of the first example in the whole batch.</param>
public abstract record Batch(Tensor Input, ulong DropSeed = 0, int FirstExample = 0)
{
    /// <summary>N, the number of examples.</summary>
    public int Count => (int)Input.shape[0];

    /// <summary>What the loss is a mean over: the examples, or words of theirs; parts of a batch count by it.</summary>
    public virtual double Weight => Count;

    /// <summary>Which training example each of them is, as its index in the training split [N], int64; null where nobody can tell.</summary>
    public Tensor? Indices { get; init; }

    /// <summary>Some of the examples, as views.</summary>
    /// <param name="start">The first one.</param>
    /// <param name="count">How many.</param>
    public abstract Batch Slice(int start, int count);
}
