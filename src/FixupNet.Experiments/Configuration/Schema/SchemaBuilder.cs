using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Methods;
using FixupNet.Registries;

namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>Derives a schema from a positional record: the only place that reads types.</summary>
/// <param name="choicesOf">The entries of a registry.</param>
/// <param name="methods">The methods.</param>
internal sealed class SchemaBuilder(Func<RegistryKind, IEnumerable<INamedEntry>> choicesOf, Registry<MethodEntry> methods)
{
    private readonly NullabilityInfoContext _nullability = new();

    public static string KeyOf(string member) => JsonNamingPolicy.CamelCase.ConvertName(member);

    /// <summary>The schema of a record.</summary>
    /// <exception cref="ArgumentException">The type is not a positional record of supported parameters.</exception>
    public ObjectSchema Record(Type type, params IEnumerable<MemberSchema> before)
    {
        var constructors = type.GetConstructors();
        if (constructors.Length != 1) throw new ArgumentException($"{type} must be a record with one public constructor.");
        return new ObjectSchema([.. before, .. constructors[0].GetParameters().Select(Member)], constructors[0]);
    }

    private MemberSchema Member(ParameterInfo parameter)
    {
        var property = parameter.Member.DeclaringType!.GetProperty(parameter.Name!)
            ?? throw new ArgumentException($"{Place(parameter)} has no property of its name.");
        var value = Value(parameter, property);
        var description = property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";
        var isAddedLater = property.GetCustomAttribute<AddedLaterAttribute>() is not null;
        return new MemberSchema(KeyOf(parameter.Name!), value, Default(parameter, property, value), description, isAddedLater);
    }

    private ValueSchema Value(ParameterInfo parameter, PropertyInfo property)
    {
        if (parameter.ParameterType == typeof(Method)) return new MethodSchema(methods, type => Record(type));
        if (parameter.ParameterType == typeof(InitializationConfig))
            return new InitializationSchema([.. choicesOf(RegistryKind.Initializations).Select(entry => (entry, Record(entry.OptionsType)))]);
        var nullable = _nullability.Create(parameter).WriteState == NullabilityState.Nullable;
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (ElementType(type) is { } element)
        {
            var items = element == typeof(NamedSection) ? Named(parameter, property) : Scalar(element, property, false);
            return new ArraySchema(element, items ?? throw Unsupported(parameter)) { AllowsNull = nullable };
        }
        if (Scalar(type, property, nullable) is { } scalar) return scalar;
        if (nullable || !type.IsClass) throw Unsupported(parameter);
        return type == typeof(NamedSection) ? Named(parameter, property) : Record(type);
    }

    private ValueSchema? Scalar(Type type, PropertyInfo property, bool nullable)
    {
        RefuseOtherLimits(type, property);
        var allowed = property.GetCustomAttribute<AllowedValuesAttribute>()?.Values.Where(value => value is not null);
        if (type == typeof(bool)) return new BooleanSchema { AllowsNull = nullable };
        if (type.IsEnum) return new EnumSchema(type) { AllowsNull = nullable };
        if (type == typeof(int) || type == typeof(long) || type == typeof(double))
        {
            var numbers = allowed?.Select(value => Convert.ToDouble(value, CultureInfo.InvariantCulture)).ToArray();
            return new NumberSchema(type, property.GetCustomAttribute<RangeAttribute>()) { AllowsNull = nullable, Allowed = numbers };
        }
        if (type != typeof(string)) return null;
        var pattern = property.GetCustomAttribute<RegularExpressionAttribute>();
        return new TextSchema
        {
            AllowsNull = nullable,
            IsPath = property.GetCustomAttribute<FilePathAttribute>() is not null,
            Pattern = pattern?.Pattern,
            PatternMeaning = pattern?.ErrorMessage,
            Allowed = property.GetCustomAttribute<NamedFromAttribute>() is { } from
                ? [.. choicesOf(from.Registry).Select(entry => entry.Name)]
                : allowed?.Cast<string>().ToArray(),
        };
    }

    // A limit that nobody checks is worse than none.
    private static void RefuseOtherLimits(Type type, PropertyInfo property)
    {
        foreach (var limit in property.GetCustomAttributes<ValidationAttribute>())
        {
            var isChecked = limit switch
            {
                RangeAttribute => type == typeof(int) || type == typeof(long) || type == typeof(double),
                RegularExpressionAttribute => type == typeof(string),
                AllowedValuesAttribute => type != typeof(bool) && !type.IsEnum,
                _ => false,
            };
            var place = $"{property.DeclaringType}.{property.Name}";
            if (!isChecked) throw new ArgumentException($"{place} carries {limit.GetType().Name}, which is not checked there.");
        }
    }

    private NamedSectionSchema Named(ParameterInfo parameter, PropertyInfo property)
    {
        var from = property.GetCustomAttribute<NamedFromAttribute>();
        var isElement = parameter.ParameterType != typeof(NamedSection);
        if (from is null || (from.DefaultName is null && !isElement)) throw Unsupported(parameter);
        var choices = choicesOf(from.Registry).Select(entry => (entry, Record(entry.OptionsType)));
        return new NamedSectionSchema([.. choices], from.DefaultName) { AllowsNameAlone = from.AllowsNameAlone };
    }

    private static Func<ConfigPlace, ConfigNode>? Default(ParameterInfo parameter, PropertyInfo property, ValueSchema value)
    {
        if (value is MethodSchema method) return place => ConfigScalar.String(place, method.DefaultName);
        if (value is NamedSectionSchema or InitializationSchema or ObjectSchema { IsOptional: true }) return ConfigObject.Empty;
        var attribute = property.GetCustomAttribute<DefaultValueAttribute>();
        if (attribute is null && !parameter.HasDefaultValue) return null;
        var literal = attribute is null ? parameter.DefaultValue : attribute.Value;
        if (literal is null && !value.AllowsNull)
            throw new ArgumentException($"{Place(parameter)} has the default null, which its type does not allow.");
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return place => literal switch
        {
            null => ConfigScalar.Null(place),
            bool flag => ConfigScalar.Boolean(place, flag),
            string text => ConfigScalar.String(place, text),
            _ when type.IsEnum => ConfigScalar.String(place, EnumSchema.NameOf(Enum.ToObject(type, literal))),
            _ => ConfigScalar.Number(place, Convert.ToString(literal, CultureInfo.InvariantCulture)!),
        };
    }

    // T[] and the interfaces an array implements.
    private static Type? ElementType(Type type)
    {
        if (type.IsArray) return type.GetElementType();
        if (!type.IsGenericType || !type.IsInterface) return null;
        var element = type.GetGenericArguments()[0];
        return element.MakeArrayType().IsAssignableTo(type) ? element : null;
    }

    private static string Place(ParameterInfo parameter) => $"Parameter {parameter.Name} of {parameter.Member.DeclaringType}";

    private static ArgumentException Unsupported(ParameterInfo parameter) =>
        new($"{Place(parameter)} has a type that a configuration cannot hold: {parameter.ParameterType}.");
}
