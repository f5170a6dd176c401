using System.Runtime.CompilerServices;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>The end of a forward pass: ReLU(multiplier·conv(in + shift) + bias + skip).</summary>
/// <param name="multiplier">Of the convolution's result.</param>
/// <param name="bias">Added to it.</param>
/// <param name="skip">Values of the output's shape, or null.</param>
internal readonly unsafe struct ForwardEnd<TValue>(float multiplier, float bias, TValue* skip) where TValue : unmanaged, IActivation<TValue>
{
    internal readonly float Multiplier = multiplier;
    internal readonly float Bias = bias;
    internal readonly TValue* Skip = skip;
}

/// <summary>The end of a backward pass: multiplier·convᵀ(gradient) + skip where gate is above 0, else 0; and two sums over all of it.</summary>
internal unsafe struct BackwardEnd<TValue>(float multiplier, TValue* skip, TValue* gate) where TValue : unmanaged, IActivation<TValue>
{
    internal readonly float Multiplier = multiplier;
    internal readonly TValue* Skip = skip;
    internal readonly TValue* Gate = gate;

    /// <summary>Increased by Σ multiplier·convᵀ(gradient).</summary>
    internal double Sum;

    /// <summary>Increased by Σ of what is stored.</summary>
    internal double GatedSum;
}

/// <summary>What is done with each value of a tile while it is in a register.</summary>
internal unsafe interface ITileEnd<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Stores what becomes of a value.</summary>
    /// <param name="at">Where it lies in the output.</param>
    /// <param name="value">The convolution's result.</param>
    /// <param name="all">The tile's first sum.</param>
    /// <param name="passed">The tile's second sum.</param>
    void Finish(nint at, TLanes value, ref TLanes all, ref TLanes passed);

    /// <summary>Takes a tile's sums.</summary>
    void Add(TLanes all, TLanes passed);
}

/// <summary>Stores the convolution's result as it is; sums stay 0.</summary>
internal readonly unsafe struct RawTileEnd<TLanes, TValue>(TValue* output) : ITileEnd<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
    where TValue : unmanaged, IActivation<TValue>
{
    private readonly TValue* _output = output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(nint at, TLanes value, ref TLanes all, ref TLanes passed) => TValue.Store(_output + at, value);

    public void Add(TLanes all, TLanes passed)
    {
    }
}

/// <summary>A forward end, with or without a skip connection; sums stay 0.</summary>
internal readonly unsafe struct ForwardTileEnd<TLanes, TValue, THasSkip>(in ForwardEnd<TValue> end, TValue* output) : ITileEnd<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
    where TValue : unmanaged, IActivation<TValue>
    where THasSkip : IFlag
{
    private readonly TLanes _multiplier = TLanes.Broadcast(end.Multiplier);
    private readonly TLanes _bias = TLanes.Broadcast(end.Bias);
    private readonly TValue* _skip = end.Skip;
    private readonly TValue* _output = output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(nint at, TLanes value, ref TLanes all, ref TLanes passed)
    {
        value = TLanes.MultiplyAdd(value, _multiplier, _bias);
        if (THasSkip.IsSet) value += TValue.Load<TLanes>(_skip + at);
        TValue.Store(_output + at, TLanes.Relu(value));
    }

    public void Add(TLanes all, TLanes passed)
    {
    }
}

/// <summary>A backward end, with or without a skip connection.</summary>
internal unsafe struct BackwardTileEnd<TLanes, TValue, THasSkip>(in BackwardEnd<TValue> end, TValue* output) : ITileEnd<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
    where TValue : unmanaged, IActivation<TValue>
    where THasSkip : IFlag
{
    private readonly TLanes _multiplier = TLanes.Broadcast(end.Multiplier);
    private readonly TValue* _skip = end.Skip;
    private readonly TValue* _gate = end.Gate;
    private readonly TValue* _output = output;

    // Vectors of float32 hold the sums of a few tiles only; what is long is added up in float64.
    internal TLanes All;
    internal TLanes Passed;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Finish(nint at, TLanes value, ref TLanes all, ref TLanes passed)
    {
        value *= _multiplier;
        all += value;
        if (THasSkip.IsSet) value += TValue.Load<TLanes>(_skip + at);
        value = TLanes.WherePositive(TValue.Load<TLanes>(_gate + at), value);
        passed += value;
        TValue.Store(_output + at, value);
    }

    public void Add(TLanes all, TLanes passed)
    {
        All += all;
        Passed += passed;
    }
}
