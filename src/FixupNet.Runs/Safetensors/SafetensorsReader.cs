namespace FixupNet.Runs.Safetensors;

/// <summary>An open .safetensors file whose header is checked; elements are read when they are asked for, so that no more than one tensor needs
/// to be in memory.</summary>
public sealed class SafetensorsReader : IDisposable
{
    private readonly FileStream _stream;
    private readonly long _dataStart;

    internal SafetensorsReader(string path, FileStream stream, SafetensorsHeader header)
    {
        (Path, _stream, _dataStart) = (path, stream, stream.Position);
        (Tensors, Metadata) = (header.Tensors, header.Metadata);
    }

    /// <summary>The file, as it was named.</summary>
    public string Path { get; }

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
            _stream.Position = _dataStart + tensor.Begin;
            _stream.ReadExactly(elements);
        }
        catch (EndOfStreamException error)
        {
            throw BecameShorter(Path, error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    /// <summary>The error of a file that ends before its length says.</summary>
    internal static InvalidDataException BecameShorter(string path, EndOfStreamException error) => new($"{path}: became shorter while it was read.", error);
}
