using System.Buffers.Binary;
using FixupNet.Runs.Files;

namespace FixupNet.Runs.Safetensors;

/// <summary>Writes and reads .safetensors files: an 8-byte header length, a JSON header, then the bytes of all tensors without a
/// gap.</summary>
/// <remarks>The format of https://github.com/huggingface/safetensors. Nothing of a file is trusted before it is checked.</remarks>
public static class SafetensorsFile
{
    private const int PrefixBytes = 8;
    private const int MaxHeaderBytes = 100_000_000;

    /// <summary>Replaces a file by tensors, in the order given; after a crash the file is the old or the new one.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="entries">The tensors.</param>
    /// <param name="metadata">Free texts by name; null writes none.</param>
    /// <exception cref="ArgumentException">A name occurs twice or is reserved, or data do not fill their shape.</exception>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    public static void Write(string path, IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var header = HeaderOf([.. entries.Select(SourceOf)], metadata);
        DurableFile.Write(path, stream => Write(stream, header, entries.Select(SourceOf)));
    }

    /// <summary>Writes tensors to a stream, in the order given and one after the other: no more than one needs to be in memory twice.</summary>
    /// <param name="stream">Takes the file's bytes.</param>
    /// <param name="tensors">The tensors.</param>
    /// <exception cref="ArgumentException">A name occurs twice or is reserved, or data do not fill their shape.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(Stream stream, IReadOnlyList<SafetensorsSource> tensors) => Write(stream, HeaderOf(tensors, null), tensors);

    /// <summary>Reads a file into memory.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or no .safetensors file; names it and says why.</exception>
    public static SafetensorsContent Read(string path)
    {
        using var file = Open(path);
        CheckMemory(path, file.Tensors.Sum(tensor => tensor.End - tensor.Begin));
        return new SafetensorsContent([.. file.Tensors.Select(tensor => Entry(file, tensor))], file.Metadata);
    }

    /// <summary>Reads what tensors a file holds, without their elements.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors in the order of the header.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or no .safetensors file; names it and says why.</exception>
    public static IReadOnlyList<TensorLayout> ReadLayout(string path)
    {
        using var file = Open(path);
        return file.Tensors;
    }

    /// <summary>Opens a file to read its tensors one by one.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or no .safetensors file; names it and says why.</exception>
    public static SafetensorsReader Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        try
        {
            var header = ReadHeader(stream);
            CheckTensors(header.Tensors, stream.Length - stream.Position);
            return new SafetensorsReader(path, stream, header);
        }
        catch (Exception error)
        {
            stream.Dispose();
            if (error is EndOfStreamException end) throw SafetensorsReader.BecameShorter(path, end);
            if (error is InvalidDataException) throw new InvalidDataException($"{path}: {error.Message}.", error);
            throw;
        }
    }

    private static ReadOnlyMemory<byte> HeaderOf(IReadOnlyList<SafetensorsSource> entries, IReadOnlyDictionary<string, string>? metadata)
    {
        var header = new SafetensorsHeader(LayOut(entries), metadata ?? new Dictionary<string, string>()).ToJson();
        return header.Length <= MaxHeaderBytes
            ? header
            : throw new ArgumentException($"The header takes {header.Length} bytes; at most {MaxHeaderBytes} are allowed.", nameof(entries));
    }

    private static SafetensorsSource SourceOf(SafetensorsEntry entry) =>
        new(entry.Name, entry.DType, entry.Shape, entry.Data.Length, stream => stream.Write(entry.Data.Span));

    private static void Write(Stream stream, ReadOnlyMemory<byte> header, IEnumerable<SafetensorsSource> tensors)
    {
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        stream.Write(prefix);
        stream.Write(header.Span);
        foreach (var tensor in tensors) tensor.Write(stream);
    }

    private static List<TensorLayout> LayOut(IReadOnlyList<SafetensorsSource> entries)
    {
        var names = new HashSet<string> { SafetensorsHeader.MetadataKey };
        var layouts = new List<TensorLayout>();
        long begin = 0;
        if (entries.Count > SafetensorsHeader.MaxTensors)
            throw new ArgumentException($"There are {entries.Count} tensors; at most {SafetensorsHeader.MaxTensors} are read back.", nameof(entries));
        foreach (var entry in entries)
        {
            if (!names.Add(entry.Name))
                throw new ArgumentException($"The name \"{entry.Name}\" occurs twice or is reserved.", nameof(entries));
            if (TensorLayout.Problem(entry.DType, entry.Shape, entry.ByteCount) is { } problem)
                throw new ArgumentException($"Tensor \"{entry.Name}\" {problem}.", nameof(entries));
            layouts.Add(new TensorLayout(entry.Name, entry.DType, entry.Shape, begin, begin + entry.ByteCount));
            begin += entry.ByteCount;
        }
        return layouts;
    }

    private static SafetensorsHeader ReadHeader(FileStream stream)
    {
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        if (stream.Length < PrefixBytes) throw new InvalidDataException($"is {stream.Length} bytes long, shorter than the header's length");
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxHeaderBytes)
            throw new InvalidDataException($"states a header of {length} bytes; at most {MaxHeaderBytes} are allowed");
        if ((long)length > stream.Length - PrefixBytes)
            throw new InvalidDataException($"states a header of {length} bytes, more than the file holds");
        var json = new byte[length];
        stream.ReadExactly(json);
        return SafetensorsHeader.Parse(json);
    }

    private static void CheckTensors(IReadOnlyList<TensorLayout> tensors, long dataLength)
    {
        long expected = 0;
        foreach (var tensor in tensors.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End))
        {
            var place = $"tensor \"{tensor.Name}\"";
            if (tensor.End < tensor.Begin || tensor.End > dataLength)
                throw new InvalidDataException($"{place} has the offsets [{tensor.Begin}, {tensor.End}], outside of {dataLength} bytes");
            if (tensor.Begin != expected)
                throw new InvalidDataException($"{place} begins at {tensor.Begin} where {expected} is due: a gap or an overlap");
            if (TensorLayout.Problem(tensor.DType, tensor.Shape, tensor.End - tensor.Begin) is { } problem)
                throw new InvalidDataException($"{place} {problem}");
            if (tensor.End - tensor.Begin > Array.MaxLength)
                throw new InvalidDataException($"{place} is over 2 GiB, more than this reader takes");
            expected = tensor.End;
        }
        if (expected != dataLength) throw new InvalidDataException($"{dataLength - expected} bytes at the end belong to no tensor");
    }

    // A sparse file claims any size and takes no room.
    private static void CheckMemory(string path, long dataLength)
    {
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (dataLength > available) throw new InvalidDataException($"{path}: holds {dataLength} bytes of tensors; this machine has {available} bytes of memory.");
    }

    private static SafetensorsEntry Entry(SafetensorsReader file, TensorLayout tensor)
    {
        var data = new byte[tensor.End - tensor.Begin];
        file.Read(tensor, data);
        return new SafetensorsEntry(tensor.Name, tensor.DType, tensor.Shape, data);
    }
}
