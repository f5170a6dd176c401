namespace FixupNet.Runs.Safetensors;

/// <summary>One tensor of a .safetensors file, as bytes.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="DType">Element type as the format spells it: "F32", "F64", "I64", "U8", "BF16" and so on.</param>
/// <param name="Shape">Its dimensions; empty for a scalar.</param>
/// <param name="Data">Its elements in row-major order, little-endian.</param>
public sealed record SafetensorsEntry(string Name, string DType, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Data);
