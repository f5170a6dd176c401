namespace TorchSharp;

/// <summary>The element type that stores a .NET type.</summary>
internal static class ElementTypes
{
    internal static torch.ScalarType Of(Type type) => type switch
    {
        _ when type == typeof(byte) => torch.ScalarType.Byte,
        _ when type == typeof(sbyte) => torch.ScalarType.Int8,
        _ when type == typeof(short) => torch.ScalarType.Int16,
        _ when type == typeof(int) => torch.ScalarType.Int32,
        _ when type == typeof(long) => torch.ScalarType.Int64,
        _ when type == typeof(Half) => torch.ScalarType.Float16,
        _ when type == typeof(float) => torch.ScalarType.Float32,
        _ when type == typeof(double) => torch.ScalarType.Float64,
        _ when type == typeof(bool) => torch.ScalarType.Bool,
        _ => throw new ArgumentException($"No tensor element type stores {type}."),
    };
}
