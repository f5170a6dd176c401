namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>One float32 value, in ordinary arithmetic: the reference that the vectors are held against, and the way where there are none.</summary>
internal readonly unsafe struct LanesScalar : ILanes<LanesScalar>
{
    private readonly float _value;

    private LanesScalar(float value) => _value = value;

    public static int Count => 1;

    public static bool HasManyRegisters => false;

    public static LanesScalar Zero => default;

    public static LanesScalar Broadcast(float value) => new(value);

    public static LanesScalar Load(float* from) => new(*from);

    public static void Store(float* to, LanesScalar value) => *to = value._value;

    public static LanesScalar LoadBFloat16(ushort* from) => new(BitConverter.UInt32BitsToSingle((uint)*from << 16));

    public static void StoreBFloat16(ushort* to, LanesScalar value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value._value);
        *to = (ushort)((float.IsNaN(value._value) ? bits | 0x0040_0000u : bits + 0x7FFFu + ((bits >> 16) & 1)) >> 16);
    }

    public static LanesScalar operator +(LanesScalar left, LanesScalar right) => new(left._value + right._value);

    public static LanesScalar operator -(LanesScalar left, LanesScalar right) => new(left._value - right._value);

    public static LanesScalar operator *(LanesScalar left, LanesScalar right) => new(left._value * right._value);

    public static LanesScalar MultiplyAdd(LanesScalar left, LanesScalar right, LanesScalar addend) => new((left._value * right._value) + addend._value);

    public static void Accumulate(ref LanesScalar sum, LanesScalar vector, float* factor) => sum = MultiplyAdd(vector, new(*factor), sum);

    public static LanesScalar Relu(LanesScalar value) => value._value < 0 ? default : value;

    public static LanesScalar Max(LanesScalar left, LanesScalar right) => new(MathF.Max(left._value, right._value));

    public static LanesScalar WherePositive(LanesScalar gate, LanesScalar value) => gate._value > 0 ? value : default;

    public static double Sum(LanesScalar value) => value._value;
}
