using static TorchSharp.torch;

namespace FixupNet.Diagnostics;

/// <summary>A network's forward pass that lets its blocks be watched.</summary>
/// <param name="blockOutput">To be called in forward order with each block's name and output; it reads the tensor during the call and keeps nothing.</param>
/// <returns>Logits [N,K]; the caller disposes of them.</returns>
/// <remarks>
/// Of a module of your own:
/// <code>
/// watch =>
/// {
///     var signal = net.stem.call(images);
///     foreach (var (name, block) in net.blocks.named_children()) watch(name, signal = ((Block)block).call(signal));
///     return net.head.call(signal.mean([2, 3]));
/// }
/// </code>
/// </remarks>
public delegate Tensor WatchedForward(Action<string, Tensor> blockOutput);
