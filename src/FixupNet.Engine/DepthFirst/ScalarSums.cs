namespace FixupNet.Engine.DepthFirst;

/// <summary>A worker's sums of scalars' gradients, in the order bias1, four a block, bias2. The multiplier's comes from the weights' gradient instead.</summary>
internal sealed class ScalarSums(int blockCount)
{
    private readonly double[] _sums = new double[2 + (4 * blockCount)];

    internal ref double Bias1 => ref _sums[0];

    internal ref double Bias2 => ref _sums[^1];

    internal ref double Bias1A(int block) => ref _sums[1 + (4 * block)];

    internal ref double Bias1B(int block) => ref _sums[2 + (4 * block)];

    internal ref double Bias2A(int block) => ref _sums[3 + (4 * block)];

    internal ref double Bias2B(int block) => ref _sums[4 + (4 * block)];

    /// <summary>The bias that ends what comes before a block: the block before's, or the stem's.</summary>
    internal ref double EndBefore(int block) => ref block > 0 ? ref Bias2B(block - 1) : ref Bias1;

    internal void Clear() => Array.Clear(_sums);
}
