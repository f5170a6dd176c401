using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>8 float32 values in a register of AVX2.</summary>
internal unsafe struct Lanes256 : ILanes<Lanes256>
{
    // Set by initializers: a constructor would be one more call to inline for every operation, and the JIT compiler stops at so many.
    private Vector256<float> _value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 8;
    }

    public static bool HasManyRegisters
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    public static Lanes256 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new() { _value = Vector256<float>.Zero };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(float value) => new() { _value = Vector256.Create(value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* from) => new() { _value = Vector256.Load(from) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, Lanes256 value) => value._value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadBFloat16(ushort* from)
    {
        if (Avx2.IsSupported) return new() { _value = (Avx2.ConvertToVector256Int32(Vector128.Load(from)) << 16).AsSingle() };
        var (lower, upper) = Vector128.Widen(Vector128.Load(from));
        return new() { _value = (Vector256.Create(lower, upper) << 16).AsSingle() };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat16(ushort* to, Lanes256 value)
    {
        var bits = value._value.AsUInt32();
        var half = Vector256.Create(0x7FFFu) + ((bits >>> 16) & Vector256<uint>.One);
        var rounded = Vector256.ConditionalSelect(
            Vector256.Equals(value._value, value._value).AsUInt32(), bits + half, bits | Vector256.Create(0x0040_0000u)) >>> 16;
        Vector128.Narrow(rounded.GetLower(), rounded.GetUpper()).Store(to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 left, Lanes256 right) => new() { _value = left._value + right._value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 left, Lanes256 right) => new() { _value = left._value - right._value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 left, Lanes256 right) => new() { _value = left._value * right._value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 left, Lanes256 right, Lanes256 addend) =>
        new() { _value = Vector256.MultiplyAddEstimate(left._value, right._value, addend._value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Lanes256 sum, Lanes256 vector, float* factor) =>
        sum._value = Vector256.MultiplyAddEstimate(vector._value, Vector256.Create(*factor), sum._value);

    // The native maximum gives its second operand where one of them is NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Relu(Lanes256 value) => new() { _value = Vector256.MaxNative(Vector256<float>.Zero, value._value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Max(Lanes256 left, Lanes256 right) => new() { _value = Vector256.Max(left._value, right._value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 WherePositive(Lanes256 gate, Lanes256 value) =>
        new() { _value = Vector256.ConditionalSelect(Vector256.GreaterThan(gate._value, Vector256<float>.Zero), value._value, Vector256<float>.Zero) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Lanes256 value)
    {
        var (lower, upper) = Vector256.Widen(value._value);
        return Vector256.Sum(lower + upper);
    }
}
