using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>4 float32 values in a register of Arm or of SSE.</summary>
internal unsafe struct Lanes128 : ILanes<Lanes128>
{
    // Set by initializers: a constructor would be one more call to inline for every operation, and the JIT compiler stops at so many.
    private Vector128<float> _value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4;
    }

    public static bool HasManyRegisters
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    public static Lanes128 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new() { _value = Vector128<float>.Zero };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Broadcast(float value) => new() { _value = Vector128.Create(value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* from) => new() { _value = Vector128.Load(from) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, Lanes128 value) => value._value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadBFloat16(ushort* from)
    {
        var (lower, _) = Vector128.Widen(Vector128.CreateScalarUnsafe(*(ulong*)from).AsUInt16());
        return new() { _value = (lower << 16).AsSingle() };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat16(ushort* to, Lanes128 value)
    {
        var bits = value._value.AsUInt32();
        var half = Vector128.Create(0x7FFFu) + ((bits >>> 16) & Vector128<uint>.One);
        var rounded = Vector128.ConditionalSelect(
            Vector128.Equals(value._value, value._value).AsUInt32(), bits + half, bits | Vector128.Create(0x0040_0000u)) >>> 16;
        *(ulong*)to = Vector128.Narrow(rounded, rounded).AsUInt64().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 left, Lanes128 right) => new() { _value = left._value + right._value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 left, Lanes128 right) => new() { _value = left._value - right._value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator *(Lanes128 left, Lanes128 right) => new() { _value = left._value * right._value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MultiplyAdd(Lanes128 left, Lanes128 right, Lanes128 addend) =>
        new() { _value = Vector128.MultiplyAddEstimate(left._value, right._value, addend._value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Lanes128 sum, Lanes128 vector, float* factor) =>
        sum._value = Vector128.MultiplyAddEstimate(vector._value, Vector128.Create(*factor), sum._value);

    // The native maximum gives its second operand where one of them is NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Relu(Lanes128 value) => new() { _value = Vector128.MaxNative(Vector128<float>.Zero, value._value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Max(Lanes128 left, Lanes128 right) => new() { _value = Vector128.Max(left._value, right._value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 WherePositive(Lanes128 gate, Lanes128 value) =>
        new() { _value = Vector128.ConditionalSelect(Vector128.GreaterThan(gate._value, Vector128<float>.Zero), value._value, Vector128<float>.Zero) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Lanes128 value)
    {
        var (lower, upper) = Vector128.Widen(value._value);
        return Vector128.Sum(lower + upper);
    }
}
