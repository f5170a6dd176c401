using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Execution;

/// <summary>One link of the chain a residual network is: stem, block or classifier.</summary>
/// <param name="Name">The stem's, block's or classifier's name; a block's is its state-dict path.</param>
/// <param name="Forward">Maps the previous stage's output, or the images, to a fresh tensor; leaves its argument alone.</param>
/// <param name="KeptOutputs">
/// Where a module of its own computes it: how much a forward pass with gradients keeps for the backward pass, in tensors of the size of the
/// output, the output included. Of steps, <see cref="StageSizes"/> reads it from them.
/// </param>
public sealed record NetworkStage(string Name, Func<Tensor, Tensor> Forward, int KeptOutputs = 1)
{
    /// <summary>Runs stages one after the other.</summary>
    /// <param name="stages">At least one, in forward order.</param>
    /// <param name="input">What the first of them takes; it stays the caller's.</param>
    /// <param name="stageOutput">Called with the name and output of every stage but the last; the tensor is disposed after the next stage.</param>
    /// <returns>Fresh tensor: what the last of them gives.</returns>
    public static Tensor Run(IReadOnlyList<NetworkStage> stages, Tensor input, Action<string, Tensor>? stageOutput = null)
    {
        var activations = stages[0].Forward(input);
        for (var i = 1; i < stages.Count; i++)
        {
            stageOutput?.Invoke(stages[i - 1].Name, activations);
            var next = stages[i].Forward(activations);
            // Backward keeps what it needs; without gradients nothing else should keep 10,000 activations alive.
            activations.Dispose();
            activations = next;
        }
        return activations;
    }
}
