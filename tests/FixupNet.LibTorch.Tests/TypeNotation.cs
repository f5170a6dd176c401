using System.Globalization;
using System.Reflection;

namespace FixupNet.LibTorch.Tests;

/// <summary>How Fixtures/torchsharp-0.106.0.txt writes types and default values: C# keywords, without the common namespaces.</summary>
internal static class TypeNotation
{
    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(int)] = "int", [typeof(long)] = "long", [typeof(float)] = "float", [typeof(double)] = "double", [typeof(bool)] = "bool",
        [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(string)] = "string", [typeof(object)] = "object",
        [typeof(void)] = "void",
    };

    // Nested types so frequent that they are written without their declaring types.
    private static readonly HashSet<string> s_short = ["Tensor", "Device", "Generator", "ScalarType", "TensorIndex", "Parameter", "ParameterList"];

    internal static string Of(Type type)
    {
        if (type.IsByRef) return Of(type.GetElementType()!);
        if (type.IsArray) return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (s_keywords.TryGetValue(type, out var keyword)) return keyword;
        if (type.IsGenericParameter) return type.Name;
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Of(underlying) + "?";
        if (type.IsGenericType && type.Namespace == "System" && type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal))
            return $"({string.Join(", ", type.GetGenericArguments().Select(Of))})";
        return Qualified(type);
    }

    internal static string DefaultOf(ParameterInfo parameter)
    {
        if (!parameter.HasDefaultValue) return "";
        var declared = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return "=" + parameter.RawDefaultValue switch
        {
            null => parameter.ParameterType.IsValueType && declared == parameter.ParameterType ? "default" : "null",
            var value when declared.IsEnum => Enum.GetName(declared, Enum.ToObject(declared, value)),
            bool value => value ? "true" : "false",
            string value => $"\"{value}\"",
            IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
            var value => value.ToString(),
        };
    }

    private static string Qualified(Type type)
    {
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        var arguments = type.GetGenericArguments();
        var used = 0;
        var parts = new List<string>();
        foreach (var part in Outermost(definition))
        {
            // A nested type repeats the generic parameters of those around it.
            var own = arguments[used..part.GetGenericArguments().Length];
            used += own.Length;
            parts.Add(part.Name.Split('`')[0] + (own.Length > 0 ? $"<{string.Join(",", own.Select(Of))}>" : ""));
        }
        return IsShort(definition) ? parts[^1] : Namespace(type) + string.Join(".", parts);
    }

    private static IEnumerable<Type> Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer).Append(type) : [type];

    private static bool IsShort(Type definition) =>
        definition.FullName!.StartsWith("TorchSharp.torch+nn+Module`", StringComparison.Ordinal)
        || (s_short.Contains(definition.Name) && definition.FullName is var name
            && (name == $"TorchSharp.torch+{definition.Name}" || name == $"TorchSharp.Modules.{definition.Name}"));

    private static string Namespace(Type type) => type.Namespace switch
    {
        null or "TorchSharp" or "System" or "System.Collections.Generic" or "System.IO" => "",
        var name when name.StartsWith("TorchSharp.", StringComparison.Ordinal) => name["TorchSharp.".Length..] + ".",
        var name when name.StartsWith("System.", StringComparison.Ordinal) => name["System.".Length..] + ".",
        var name => name + ".",
    };
}
