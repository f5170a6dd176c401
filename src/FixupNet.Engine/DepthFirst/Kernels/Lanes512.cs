using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>16 float32 values in a register of AVX-512.</summary>
internal unsafe struct Lanes512 : ILanes<Lanes512>
{
    // Set by initializers: a constructor would be one more call to inline for every operation, and the JIT compiler stops at so many.
    private Vector512<float> _value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 16;
    }

    public static bool HasManyRegisters
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => true;
    }

    public static Lanes512 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new() { _value = Vector512<float>.Zero };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Broadcast(float value) => new() { _value = Vector512.Create(value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* from) => new() { _value = Vector512.Load(from) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, Lanes512 value) => value._value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadBFloat16(ushort* from)
    {
        if (Avx512F.IsSupported) return new() { _value = (Avx512F.ConvertToVector512UInt32(Vector256.Load(from)) << 16).AsSingle() };
        var (lower, upper) = Vector256.Widen(Vector256.Load(from));
        return new() { _value = (Vector512.Create(lower, upper) << 16).AsSingle() };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat16(ushort* to, Lanes512 value)
    {
        var bits = value._value.AsUInt32();
        var half = Vector512.Create(0x7FFFu) + ((bits >>> 16) & Vector512<uint>.One);
        var rounded = Vector512.ConditionalSelect(
            Vector512.Equals(value._value, value._value).AsUInt32(), bits + half, bits | Vector512.Create(0x0040_0000u)) >>> 16;
        if (Avx512F.IsSupported) Avx512F.ConvertToVector256UInt16(rounded).Store(to);
        else Vector256.Narrow(rounded.GetLower(), rounded.GetUpper()).Store(to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 left, Lanes512 right) => new() { _value = left._value + right._value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 left, Lanes512 right) => new() { _value = left._value - right._value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 left, Lanes512 right) => new() { _value = left._value * right._value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 left, Lanes512 right, Lanes512 addend) =>
        new() { _value = Vector512.FusedMultiplyAdd(left._value, right._value, addend._value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Lanes512 sum, Lanes512 vector, float* factor) =>
        sum._value = Vector512.FusedMultiplyAdd(vector._value, Vector512.Create(*factor), sum._value);

    // The native maximum gives its second operand where one of them is NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Relu(Lanes512 value) => new() { _value = Vector512.MaxNative(Vector512<float>.Zero, value._value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 left, Lanes512 right) => new() { _value = Vector512.Max(left._value, right._value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 WherePositive(Lanes512 gate, Lanes512 value) =>
        new() { _value = Vector512.ConditionalSelect(Vector512.GreaterThan(gate._value, Vector512<float>.Zero), value._value, Vector512<float>.Zero) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Lanes512 value)
    {
        var (lower, upper) = Vector512.Widen(value._value);
        return Vector512.Sum(lower + upper);
    }
}
