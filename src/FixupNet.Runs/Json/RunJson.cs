using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FixupNet.Runs.Files;

namespace FixupNet.Runs.Json;

/// <summary>How every file of a run spells JSON: camelCase, "NaN" and "Infinity" as strings, absent instead of null, enums in lower
/// case.</summary>
/// <remarks>The records of this project are known at compile time, for a quick start; those of other projects are found by
/// reflection.</remarks>
public static class RunJson
{
    /// <summary>The largest file of one object that is read where nothing else is said: far more than any record of a run takes.</summary>
    public const int MaxFileBytes = 4 << 20;

    // Messages of the reader repeat what the file holds.
    private const int ShownCharacters = 300;

    /// <summary>One object on one line.</summary>
    public static JsonSerializerOptions Compact { get; } = Create(indented: false);

    /// <summary>One object over many lines, for files that people open.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    /// <summary>Replaces a file by one object; the file is the old or the new one after a crash.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="value">The object.</param>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    public static void WriteFile<T>(string path, T value) =>
        DurableFile.WriteAllText(path, JsonSerializer.Serialize(value, Info<T>(Indented)) + "\n");

    /// <summary>Reads the one object of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The largest that it may be; what is read takes up to twenty times as much memory.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds something else, or is larger.</exception>
    public static T ReadFile<T>(string path, int maxBytes = MaxFileBytes) where T : class =>
        Parse<T>(BoundedFile.Read(path, maxBytes).Span, path);

    /// <summary>Reads the one object of a file that need not exist.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The largest that it may be.</param>
    /// <returns>The object, or null where there is no such file or folder.</returns>
    /// <exception cref="InvalidDataException">The file holds something else, or is larger.</exception>
    public static T? ReadFileIfExists<T>(string path, int maxBytes = MaxFileBytes) where T : class
    {
        try
        {
            return ReadFile<T>(path, maxBytes);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    internal static T Parse<T>(ReadOnlySpan<byte> json, string place) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, Info<T>(Compact))
                ?? throw new InvalidDataException($"{place}: null where a {typeof(T).Name} is due.");
        }
        // InvalidOperationException is how the reader reports text that is not UTF-8.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{place}: not a {typeof(T).Name}: {PrintableText.Shortened(error.Message, ShownCharacters)}", error);
        }
    }

    internal static JsonTypeInfo<T> Info<T>(JsonSerializerOptions options) => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectRequiredConstructorParameters = true,
            RespectNullableAnnotations = true,
            AllowDuplicateProperties = false,
            // These files are never pasted into HTML unescaped, and a command line full of \u0022 is hard to read.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            WriteIndented = indented,
            NewLine = "\n",
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
            TypeInfoResolver = JsonTypeInfoResolver.Combine(RunJsonContext.Default, new DefaultJsonTypeInfoResolver()),
        };
        options.MakeReadOnly();
        return options;
    }
}
