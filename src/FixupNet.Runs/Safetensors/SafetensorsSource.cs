namespace FixupNet.Runs.Safetensors;

/// <summary>One tensor to write into a .safetensors file, asked for its bytes when their turn comes.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="DType">Element type as the format spells it.</param>
/// <param name="Shape">Its dimensions; empty for a scalar.</param>
/// <param name="ByteCount">Bytes that it takes.</param>
/// <param name="Write">Writes just so many bytes: its elements in row-major order, little-endian.</param>
public sealed record SafetensorsSource(string Name, string DType, IReadOnlyList<long> Shape, long ByteCount, Action<Stream> Write);
