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
            return ParseObject(ref reader);
        }
        // InvalidOperationException is how the reader reports text that is not UTF-8 or not UTF-16.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"the header is not JSON: {error.Message}", error);
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

    private static SafetensorsHeader ParseObject(ref Utf8JsonReader reader)
    {
        var tensors = new List<TensorLayout>();
        var names = new HashSet<string>();
        Dictionary<string, string> metadata = [];
        Expect(ref reader, JsonTokenType.StartObject, "the header");
        while (NextKey(ref reader) is { } name)
        {
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
        while (NextKey(ref reader) is { } key)
        {
            Expect(ref reader, JsonTokenType.String, $"{MetadataKey}: \"{key}\"");
            if (!metadata.TryAdd(key, reader.GetString()!))
                throw new InvalidDataException($"{MetadataKey}: the key \"{key}\" occurs twice");
        }
        return metadata;
    }

    private static TensorLayout ParseTensor(ref Utf8JsonReader reader, string name)
    {
        string? dtype = null;
        List<long>? shape = null, offsets = null;
        Expect(ref reader, JsonTokenType.StartObject, $"tensor \"{name}\"");
        while (NextKey(ref reader) is { } key)
        {
            var place = $"tensor \"{name}\": \"{key}\"";
            if (key == "dtype" && dtype is null)
            {
                Expect(ref reader, JsonTokenType.String, place);
                dtype = Word(ref reader);
            }
            else if (key == "shape" && shape is null) shape = ParseNumbers(ref reader, place);
            else if (key == "data_offsets" && offsets is null) offsets = ParseNumbers(ref reader, place);
            else throw new InvalidDataException($"{place} is unknown or occurs twice");
        }
        if (dtype is null || shape is null || offsets is not [var begin, var end])
            throw new InvalidDataException($"tensor \"{name}\" must have dtype, shape and two data_offsets");
        return new TensorLayout(name, dtype, shape, begin, end);
    }

    private static List<long> ParseNumbers(ref Utf8JsonReader reader, string place)
    {
        var numbers = new List<long>();
        Expect(ref reader, JsonTokenType.StartArray, place);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
                throw new InvalidDataException($"{place} must hold whole numbers from 0 on");
            if (numbers.Count == MaxDimensions) throw new InvalidDataException($"{place} holds more than {MaxDimensions} numbers");
            numbers.Add(number);
        }
        return numbers;
    }

    private static string? NextKey(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName ? Word(ref reader) : null;

    // Names end up in messages on terminals, where control characters would act.
    private static string Word(ref Utf8JsonReader reader)
    {
        var word = reader.GetString()!;
        return word.Any(char.IsControl) ? throw new InvalidDataException("a name holds control characters") : word;
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string place)
    {
        if (!reader.Read() || reader.TokenType != type)
            throw new InvalidDataException($"{place} must be a JSON {type} and is {reader.TokenType}");
    }
}
