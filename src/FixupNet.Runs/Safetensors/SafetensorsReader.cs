using Microsoft.Win32.SafeHandles;

namespace FixupNet.Runs.Safetensors;

/// <summary>An open .safetensors file whose header is checked; elements are read when they are asked for, so that no more than one tensor needs
/// to be in memory.</summary>
public sealed class SafetensorsReader : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly long _dataStart;

    internal SafetensorsReader(string path, SafeFileHandle file, long dataStart, SafetensorsHeader header)
    {
        (_path, _file, _dataStart) = (path, file, dataStart);
        (Tensors, Metadata) = (header.Tensors, header.Metadata);
    }

    /// <summary>The tensors in the order of the header.</summary>
    public IReadOnlyList<TensorLayout> Tensors { get; }

    /// <summary>Free texts by name; empty when the file has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads the elements of a tensor.</summary>
    /// <param name="tensor">One of <see cref="Tensors"/>, of which the name and the shape are not looked at.</param>
    /// <param name="elements">Takes them in row-major order, little-endian; exactly as many bytes as the tensor has.</param>
    /// <exception cref="ArgumentException">There is room for more or fewer bytes.</exception>
    /// <exception cref="InvalidDataException">The file has become shorter since it was opened.</exception>
    public void Read(TensorLayout tensor, Span<byte> elements)
    {
        if (elements.Length != tensor.End - tensor.Begin)
            throw new ArgumentException($"{tensor.Name} has {tensor.End - tensor.Begin} bytes; there is room for {elements.Length}.", nameof(elements));
        try
        {
            ReadExactly(_file, elements, _dataStart + tensor.Begin);
        }
        catch (EndOfStreamException error)
        {
            throw new InvalidDataException($"{_path}: {error.Message}.", error);
        }
    }

    /// <summary>Reads bytes at a place of a file.</summary>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    internal static void ReadExactly(SafeFileHandle file, Span<byte> bytes, long position)
    {
        while (bytes.Length > 0)
        {
            var count = RandomAccess.Read(file, bytes, position);
            if (count == 0) throw new EndOfStreamException("became shorter while it was read");
            bytes = bytes[count..];
            position += count;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
