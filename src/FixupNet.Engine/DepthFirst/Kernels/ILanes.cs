namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>A vector of float32 values as wide as an instruction set has them: one source of every kernel for all widths.</summary>
/// <typeparam name="TSelf">The vector itself.</typeparam>
internal unsafe interface ILanes<TSelf> where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>Values in a vector: 16 or a divisor of 16.</summary>
    static abstract int Count { get; }

    /// <summary>Whether 16 sums and their operands fit the registers (32 vector registers and operands broadcast from memory).</summary>
    static abstract bool HasManyRegisters { get; }

    static abstract TSelf Zero { get; }

    static abstract TSelf Broadcast(float value);

    static abstract TSelf Load(float* from);

    static abstract void Store(float* to, TSelf value);

    /// <summary>Reads bfloat16 values: the upper halves of float32.</summary>
    static abstract TSelf LoadBFloat16(ushort* from);

    /// <summary>Rounds to the nearest bfloat16, ties to even; NaN stays NaN.</summary>
    static abstract void StoreBFloat16(ushort* to, TSelf value);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    /// <summary>left · right + addend, rounded once where the processor can.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);

    /// <summary>sum += vector · *factor; in place and straight from memory, which the JIT compiler turns into one instruction.</summary>
    static abstract void Accumulate(ref TSelf sum, TSelf vector, float* factor);

    /// <summary>max(0, value), and NaN where value is NaN.</summary>
    static abstract TSelf Relu(TSelf value);

    /// <summary>The larger one; NaN where one is NaN.</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    /// <summary>value where gate is above 0, else 0.</summary>
    static abstract TSelf WherePositive(TSelf gate, TSelf value);

    /// <summary>The sum of all values, in float64.</summary>
    static abstract double Sum(TSelf value);
}
