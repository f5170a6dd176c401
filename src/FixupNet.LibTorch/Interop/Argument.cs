namespace TorchSharp.Interop;

/// <summary>One argument of an operator call, in managed form; converts implicitly from everything an ATen schema can ask for.</summary>
internal readonly struct Argument
{
    internal readonly ValueTag Tag;
    internal readonly object? Reference;
    internal readonly long Integer;
    internal readonly double Real;

    private Argument(ValueTag tag, object? reference = null, long integer = 0, double real = 0) =>
        (Tag, Reference, Integer, Real) = (tag, reference, integer, real);

    /// <summary>The schema's None: an optional argument not given.</summary>
    internal static Argument None => default;

    /// <summary>A list of tensors some of which may be absent, as index takes it.</summary>
    internal static Argument Optional(torch.Tensor?[] tensors) => new(ValueTag.OptionalTensorList, tensors);

    public static implicit operator Argument(torch.Tensor? tensor) => tensor is null ? default : new(ValueTag.Tensor, tensor);
    public static implicit operator Argument(torch.Tensor[] tensors) => new(ValueTag.TensorList, tensors);
    public static implicit operator Argument(long value) => new(ValueTag.Int, integer: value);
    public static implicit operator Argument(long? value) => value is { } given ? given : default(Argument);
    public static implicit operator Argument(double value) => new(ValueTag.Double, real: value);
    public static implicit operator Argument(bool value) => new(ValueTag.Bool, integer: value ? 1 : 0);
    public static implicit operator Argument(long[]? values) => values is null ? default : new(ValueTag.IntList, values);
    public static implicit operator Argument(torch.ScalarType type) => new(ValueTag.Int, integer: (long)type);
    public static implicit operator Argument(torch.ScalarType? type) => type is { } given ? given : default(Argument);
    public static implicit operator Argument(torch.Device? device) => device is null ? default : new(ValueTag.Device, device);
    public static implicit operator Argument(torch.Generator? generator) => generator is null ? default : new(ValueTag.Generator, generator);
    public static implicit operator Argument(Scalar? scalar) => scalar is null ? default : scalar.ToArgument();
}
