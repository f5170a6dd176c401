using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration.Nodes;
using Microsoft.Extensions.Configuration;

namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>A finite number in a range.</summary>
/// <param name="type">int, long or double.</param>
/// <param name="range">The range; null for all the type's (for long: JSON's safe) values.</param>
internal sealed class NumberSchema(Type type, RangeAttribute? range) : ValueSchema
{
    // Beyond 2^53 many JSON readers round integers.
    private const double SafeInteger = 9007199254740992;

    private readonly double _minimum = Limit(range?.Minimum) ?? Limits(type).Minimum;
    private readonly double _maximum = Limit(range?.Maximum) ?? Limits(type).Maximum;

    /// <summary>The values allowed; null for all in range.</summary>
    public IReadOnlyList<double>? Allowed { get; init; }

    public override string Kind => IsInteger ? "an integer" : "a number";

    private bool IsInteger => type != typeof(double);

    public override object? Bind(IConfigurationSection section) => section.Value is null ? null : section.Get(type);

    protected override ConfigNode ResolveValue(ConfigNode given, string path, ConfigErrors errors)
    {
        if (given is not ConfigScalar { Kind: JsonValueKind.Number } number) return WrongKind(given, path, errors);
        // Adding 0 turns -0 into 0, so that equal configurations have equal text.
        var value = number.Parsed + 0.0;
        if (!double.IsFinite(value)) errors.Add(given.Place, path, $"is {given.Shown}; must be finite.");
        else if (!IsInRange(value)) errors.Add(given.Place, path, $"is {given.Shown}; must be in {RangeText()}.");
        else if (Allowed?.Contains(value) == false)
            errors.Add(given.Place, path, $"is {given.Shown}; must be one of {string.Join(", ", Allowed.Select(Shown))}.");
        else return IsInteger ? ResolveInteger(number, path, errors) : ConfigScalar.Number(given.Place, Text(value));
        return given;
    }

    // In range as a double; decimal tells 2^53 + 1 from 2^53. (A limit goes through long: double to decimal rounds to 15 digits.)
    private ConfigNode ResolveInteger(ConfigScalar number, string path, ConfigErrors errors)
    {
        var isRead = decimal.TryParse(number.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact);
        if (!isRead || !IsWhole(number.Text)) return WrongKind(number, path, errors);
        if (exact <= (long)_maximum && exact >= (long)_minimum) return ConfigScalar.Number(number.Place, Text((long)exact));
        errors.Add(number.Place, path, $"is {number.Shown}; must be in {RangeText()}.");
        return number;
    }

    // By its digits: as a number, 1e-400 is 0 and 1.0…01 is 1.
    private static bool IsWhole(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny('e', 'E') is var letter and >= 0 ? letter : text.Length;
        var mantissa = text[..end];
        var exponent = 0;
        // Of an exponent of more digits the sign alone matters.
        if (end < text.Length && !int.TryParse(text[(end + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            exponent = text[end + 1] == '-' ? int.MinValue : int.MaxValue;
        var point = mantissa.IndexOf('.') is var dot and >= 0 ? dot : mantissa.Length;
        var last = mantissa.LastIndexOfAnyInRange('1', '9');
        // How many digits before the point, or at most after it, the last one lies that is not 0.
        return last < 0 || (last < point ? point - 1 - last : point - (long)last) + exponent >= 0;
    }

    protected override JsonObject ValueToJson()
    {
        var json = new JsonObject { ["type"] = IsInteger ? "integer" : "number" };
        if (Allowed is not null) return new JsonObject { ["enum"] = new JsonArray([.. Allowed.Select(Number)]) };
        if (!IsInteger && range is null) return json;
        json[range?.MinimumIsExclusive == true ? "exclusiveMinimum" : "minimum"] = Number(_minimum);
        json[range?.MaximumIsExclusive == true ? "exclusiveMaximum" : "maximum"] = Number(_maximum);
        return json;
    }

    private static double? Limit(object? limit) => limit is null ? null : Convert.ToDouble(limit, CultureInfo.InvariantCulture);

    private static (double Minimum, double Maximum) Limits(Type type)
    {
        if (type == typeof(int)) return (int.MinValue, int.MaxValue);
        return type == typeof(long) ? (-SafeInteger, SafeInteger) : (double.MinValue, double.MaxValue);
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private bool IsInRange(double value) =>
        (range?.MinimumIsExclusive == true ? value > _minimum : value >= _minimum) &&
        (range?.MaximumIsExclusive == true ? value < _maximum : value <= _maximum);

    private string RangeText()
    {
        var (open, close) = (range?.MinimumIsExclusive == true ? '(' : '[', range?.MaximumIsExclusive == true ? ')' : ']');
        return $"{open}{Shown(_minimum)}, {Shown(_maximum)}{close}";
    }

    private string Shown(double limit) => IsInteger ? Text((long)limit) : Text(limit);

    private JsonNode Number(double limit) => IsInteger ? JsonValue.Create((long)limit) : JsonValue.Create(limit);
}
