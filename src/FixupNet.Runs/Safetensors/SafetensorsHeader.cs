using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FixupNet.Runs.Safetensors;

/// <summary>The JSON header of a .safetensors file; in memory, without its length prefix.</summary>
internal sealed record SafetensorsHeader(IReadOnlyList<TensorLayout> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Key of the free texts, which no tensor may have as its name.</summary>
    public const string MetadataKey = "__metadata__";

    // The format's own limit is 100 MB for the header; PyTorch's limit for dimensions is 64.
    private const int MaxDimensions = 64;
    private const int MaxDepth = 8;

    /// <summary>The most tensors: what a header describes takes more memory than the header. A network of 10,000 layers has 35,000.</summary>
    public const int MaxTensors = 250_000;

    private const int MinTensorBytes = 50; // "a":{"dtype":"U8","shape":[],"data_offsets":[0,0]},
    private const int MaxNameBytes = 1_000;
    private const int MaxMetadataBytes = 8_000_000;
    private const int MaxMetadataKeys = 10_000;
    private const int ShownCharacters = 200;

    /// <summary>Writes a header, padded by spaces so that the data after its 8-byte prefix begins at a multiple of 8.</summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (Metadata.Count > 0) WriteMetadata(json);
            foreach (var tensor in Tensors) WriteTensor(json, tensor);
            json.WriteEndObject();
        }
        while (buffer.WrittenCount % 8 != 0) buffer.Write(" "u8);
        return buffer.WrittenMemory;
    }

    /// <summary>Reads a header; checks its form only, not what the numbers mean.</summary>
    /// <exception cref="InvalidDataException">It is no such header; says why, without naming the file.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json[0] != '{') throw new InvalidDataException("the header does not begin with {");
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            return ParseObject(ref reader, Math.Min(MaxTensors, json.Length / MinTensorBytes));
        }
        // InvalidOperationException is how the reader reports text that is not UTF-8 or not UTF-16.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"the header is not JSON: {PrintableText.Shortened(error.Message, ShownCharacters)}", error);
        }
    }

    private void WriteMetadata(Utf8JsonWriter json)
    {
        json.WriteStartObject(MetadataKey);
        foreach (var (key, text) in Metadata) json.WriteString(key, text);
        json.WriteEndObject();
    }

    private static void WriteTensor(Utf8JsonWriter json, TensorLayout tensor)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.DType);
        WriteNumbers(json, "shape", tensor.Shape);
        WriteNumbers(json, "data_offsets", [tensor.Begin, tensor.End]);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string key, IReadOnlyList<long> numbers)
    {
        json.WriteStartArray(key);
        foreach (var number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static SafetensorsHeader ParseObject(ref Utf8JsonReader reader, int mostTensors)
    {
        // Given their size at once: lists that grow leave twice their size behind.
        var tensors = new List<TensorLayout>(mostTensors);
        var names = new HashSet<string>(mostTensors);
        Dictionary<string, string> metadata = [];
        Expect(ref reader, JsonTokenType.StartObject, null);
        while (NextKey(ref reader) is { } name)
        {
            if (tensors.Count == MaxTensors) throw new InvalidDataException($"the header describes more than {MaxTensors} tensors");
            if (!names.Add(name)) throw new InvalidDataException($"the name \"{name}\" occurs twice");
            if (name == MetadataKey) metadata = ParseMetadata(ref reader);
            else tensors.Add(ParseTensor(ref reader, name));
        }
        // Reads to the end, which is where the reader reports anything but spaces after the object.
        while (reader.Read())
        {
        }
        return new SafetensorsHeader(tensors, metadata);
    }

    private static Dictionary<string, string> ParseMetadata(ref Utf8JsonReader reader)
    {
        var metadata = new Dictionary<string, string>();
        Expect(ref reader, JsonTokenType.StartObject, MetadataKey);
        var bytes = 0;
        while (NextKey(ref reader) is { } key)
        {
            if (metadata.Count == MaxMetadataKeys) throw new InvalidDataException($"{MetadataKey} holds more than {MaxMetadataKeys} texts");
            Expect(ref reader, JsonTokenType.String, MetadataKey, key);
            bytes += reader.ValueSpan.Length;
            if (bytes > MaxMetadataBytes) throw new InvalidDataException($"{MetadataKey} holds more than {MaxMetadataBytes} bytes");
            if (!metadata.TryAdd(key, reader.GetString()!))
                throw new InvalidDataException($"{MetadataKey}: the key \"{key}\" occurs twice");
        }
        return metadata;
    }

    private static TensorLayout ParseTensor(ref Utf8JsonReader reader, string name)
    {
        string? dtype = null;
        long[]? shape = null, offsets = null;
        Expect(ref reader, JsonTokenType.StartObject, name);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (dtype is null && reader.ValueTextEquals("dtype"u8)) dtype = ParseElementType(ref reader, name);
            else if (shape is null && reader.ValueTextEquals("shape"u8)) shape = ParseNumbers(ref reader, name, "shape");
            else if (offsets is null && reader.ValueTextEquals("data_offsets"u8)) offsets = ParseNumbers(ref reader, name, "data_offsets");
            else throw new InvalidDataException($"{Place(name, Word(ref reader))} is unknown or occurs twice");
        }
        if (dtype is null || shape is null || offsets is not [var begin, var end])
            throw new InvalidDataException($"tensor \"{name}\" must have dtype, shape and two data_offsets");
        return new TensorLayout(name, dtype, shape, begin, end);
    }

    private static string ParseElementType(ref Utf8JsonReader reader, string name)
    {
        Expect(ref reader, JsonTokenType.String, name, "dtype");
        foreach (var known in TensorLayout.ElementTypes)
        {
            if (reader.ValueTextEquals(known)) return known; // one text for all tensors
        }
        return Word(ref reader);
    }

    private static long[] ParseNumbers(ref Utf8JsonReader reader, string name, string key)
    {
        Span<long> numbers = stackalloc long[MaxDimensions];
        var count = 0;
        Expect(ref reader, JsonTokenType.StartArray, name, key);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
                throw new InvalidDataException($"{Place(name, key)} must hold whole numbers from 0 on");
            if (count == MaxDimensions) throw new InvalidDataException($"{Place(name, key)} holds more than {MaxDimensions} numbers");
            numbers[count++] = number;
        }
        return numbers[..count].ToArray();
    }

    private static string? NextKey(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName ? Word(ref reader) : null;

    // Names end up in messages on terminals, where control characters would act.
    private static string Word(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > MaxNameBytes) throw new InvalidDataException($"a name is longer than {MaxNameBytes} bytes");
        var word = reader.GetString()!;
        return PrintableText.Of(word) == word ? word : throw new InvalidDataException("a name holds control characters");
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string? name, string? key = null)
    {
        if (!reader.Read() || reader.TokenType != type)
            throw new InvalidDataException($"{Place(name, key)} must be a JSON {type} and is {reader.TokenType}");
    }

    private static string Place(string? name, string? key)
    {
        var place = name switch
        {
            null => "the header",
            MetadataKey => MetadataKey,
            _ => $"tensor \"{name}\"",
        };
        return key is null ? place : $"{place}: \"{key}\"";
    }
}
