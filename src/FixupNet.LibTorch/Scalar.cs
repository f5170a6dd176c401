using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>A number of any type, as an argument of a tensor operation.</summary>
public sealed class Scalar : IDisposable
{
    private readonly long _integer;
    private readonly double _real;

    private Scalar(torch.ScalarType type, long integer, double real) => (Type, _integer, _real) = (type, integer, real);

    public torch.ScalarType Type { get; }

    public static implicit operator Scalar(byte value) => new(torch.ScalarType.Int64, value, value);
    public static implicit operator Scalar(int value) => new(torch.ScalarType.Int64, value, value);
    public static implicit operator Scalar(long value) => new(torch.ScalarType.Int64, value, value);
    public static implicit operator Scalar(float value) => new(torch.ScalarType.Float64, 0, value);
    public static implicit operator Scalar(double value) => new(torch.ScalarType.Float64, 0, value);
    public static implicit operator Scalar(bool value) => new(torch.ScalarType.Bool, value ? 1 : 0, value ? 1 : 0);

    internal double Real => _real;

    internal Argument ToArgument() => Type switch
    {
        torch.ScalarType.Float64 => _real,
        torch.ScalarType.Bool => _integer != 0,
        _ => _integer,
    };

    // Nothing native is held; the interface is TorchSharp's.
    public void Dispose() { }
}
