using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FixupNet.Runs.Files;

namespace FixupNet.Runs;

/// <summary>How every file of a run spells JSON: camelCase, "NaN" and "Infinity" as strings, absent instead of null, enums in lower
/// case.</summary>
/// <remarks>The records of this project are known at compile time, for a quick start; those of other projects are found by
/// reflection.</remarks>
public static class RunJson
{
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
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds something else.</exception>
    public static T ReadFile<T>(string path) where T : class
    {
        // Shared for deletion, or Windows would refuse to replace the file while it is read.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var json = new byte[stream.Length];
        stream.ReadAtLeast(json, json.Length, throwOnEndOfStream: false);
        return Parse<T>(json, path);
    }

    /// <summary>Reads the one object of a file that need not exist.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The object, or null where there is no such file or folder.</returns>
    /// <exception cref="InvalidDataException">The file holds something else.</exception>
    public static T? ReadFileIfExists<T>(string path) where T : class
    {
        try
        {
            return ReadFile<T>(path);
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
            throw new InvalidDataException($"{place}: not a {typeof(T).Name}: {error.Message}", error);
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
