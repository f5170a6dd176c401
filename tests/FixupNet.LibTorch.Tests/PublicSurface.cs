using System.Reflection;
using System.Runtime.CompilerServices;

namespace FixupNet.LibTorch.Tests;

/// <summary>Writes an assembly's public surface, one signature a line, in the notation of Fixtures/torchsharp-0.106.0.txt.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The lines of every type that code outside the assembly can name, and of its public and protected members.</summary>
    internal static IEnumerable<string> Of(Assembly assembly) => assembly.GetTypes().Where(IsVisible).SelectMany(Of);

    /// <summary>The line of a type, then those of its members.</summary>
    internal static IEnumerable<string> Of(Type type)
    {
        yield return TypeLine(type);
        var members = type.IsEnum
            ? Enum.GetNames(type).Select(name => $"{TypeNotation.Of(type)}.{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}")
            : type.GetMembers(Declared).Select(member => MemberLine(type, member)).OfType<string>();
        foreach (var line in members) yield return line;
    }

    private static bool IsVisible(Type type) =>
        (type.IsPublic || type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem)
        && (type.DeclaringType is null || IsVisible(type.DeclaringType));

    private static string TypeLine(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            _ => "class",
        };
        var basis = type.IsClass && type.BaseType is { } parent && parent != typeof(object) ? $" : {TypeNotation.Of(parent)}" : "";
        var interfaces = type.IsEnum ? [] : type.GetInterfaces().Where(IsVisible).Select(TypeNotation.Of).Order(StringComparer.Ordinal).ToArray();
        return $"T {kind} {TypeNotation.Of(type)}{basis}{(interfaces.Length > 0 ? $" [{string.Join(", ", interfaces)}]" : "")}";
    }

    private static string? MemberLine(Type type, MemberInfo member)
    {
        var owner = TypeNotation.Of(type);
        switch (member)
        {
            case ConstructorInfo { IsStatic: false } constructor when IsVisible(constructor):
                return $"ctor {Access(constructor.IsPublic)}{owner}({Parameters(constructor)})";
            case FieldInfo field when field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly:
                var modifiers = (field.IsLiteral ? "const " : field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
                return $"field {Access(field.IsPublic)}{modifiers}{TypeNotation.Of(field.FieldType)} {owner}.{field.Name}";
            case PropertyInfo property:
                return PropertyLine(owner, property);
            case EventInfo { EventHandlerType: { } handler, AddMethod: { } add } @event when IsVisible(add):
                return $"event {TypeNotation.Of(handler)} {owner}.{@event.Name}";
            case MethodInfo method when IsVisible(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)):
                var kind = method.IsStatic ? "static " : method.IsAbstract ? "abstract " : "";
                var generic = method.IsGenericMethod ? $"<{string.Join(",", method.GetGenericArguments().Select(TypeNotation.Of))}>" : "";
                return $"{Access(method.IsPublic)}{kind}{TypeNotation.Of(method.ReturnType)} {owner}.{method.Name}{generic}({Parameters(method)})";
            default:
                return null;
        }
    }

    private static string? PropertyLine(string owner, PropertyInfo property)
    {
        if (new[] { property.GetMethod, property.SetMethod }.FirstOrDefault(IsVisible) is not { } accessor) return null;
        var index = property.GetIndexParameters();
        var name = property.Name + (index.Length > 0 ? $"[{string.Join(", ", index.Select(Parameter))}]" : "");
        var accessors = (IsVisible(property.GetMethod) ? "get; " : "") + (property.SetMethod is { IsPublic: true } ? "set; " : "");
        var modifiers = Access(accessor.IsPublic) + (accessor.IsStatic ? "static " : "");
        return $"prop {modifiers}{TypeNotation.Of(property.PropertyType)} {owner}.{name} {{ {accessors}}}";
    }

    private static bool IsVisible(MethodBase? method) => method is not null && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly);

    private static string Access(bool isPublic) => isPublic ? "" : "protected ";

    private static string Parameters(MethodBase method)
    {
        var self = method.IsDefined(typeof(ExtensionAttribute), false) ? "this " : "";
        return self + string.Join(", ", method.GetParameters().Select(Parameter));
    }

    private static string Parameter(ParameterInfo parameter)
    {
        var modifiers = (parameter.IsDefined(typeof(ParamArrayAttribute), false) ? "params " : "")
            + (parameter.IsOut ? "out " : "") + (parameter.ParameterType.IsByRef ? "ref " : "");
        return $"{modifiers}{TypeNotation.Of(parameter.ParameterType)} {parameter.Name}{TypeNotation.DefaultOf(parameter)}";
    }
}
