using System.Text.Json;
using FixupNet.Reporting.Results;

namespace FixupNet.Reporting.Tests.Results;

public sealed class ParameterValueTests
{
    [TestCase("1e-1", "0.1")]
    [TestCase("0.10", "0.1")]
    [TestCase("8.0", "8")]
    [TestCase("1E3", "1000")]
    [TestCase("-0.0", "0")]
    [TestCase("9223372036854775807", "9223372036854775807")]
    [TestCase("1e-30", "1E-30")]
    [TestCase("\"8.0\"", "\"8.0\"")]
    [TestCase("[8.0, 1e1]", "[8,10]")]
    [TestCase("{ \"b\": 1.0, \"a\": [true, null] }", "{\"a\":[true,null],\"b\":1}")]
    public void Text_IsOneForEqualValues(string json, string expected) =>
        Assert.That(ParameterValue.Text(JsonElement.Parse(json)), Is.EqualTo(expected));

    [TestCase("\"fixup\"", "fixup")]
    [TestCase("{ \"name\": \"fixup\" }", "fixup")]
    [TestCase("{ \"name\": \"fixup\", \"biases\": false, \"rate\": 1e-1 }", "fixup (biases=false, rate=0.1)")]
    [TestCase("{ \"biases\": false }", null)]
    [TestCase("{ \"name\": 3 }", null)]
    [TestCase("8", null)]
    public void Label_IsANameWithItsOptions(string json, string? expected) =>
        Assert.That(ParameterValue.Label(JsonElement.Parse(json)), Is.EqualTo(expected));

    [TestCase("0.1", "1e-1", true)]
    [TestCase("8", "8.0", true)]
    [TestCase("8", "9", false)]
    [TestCase("\"fixup\"", "fixup", true)]
    [TestCase("\"fixup\"", "\"fixup\"", true)]
    [TestCase("\"fixup\"", "fix", false)]
    [TestCase("[30, 60]", "[30,60.0]", true)]
    [TestCase("null", "null", true)]
    public void Is_TakesWhatWasTypedForJsonOrForAText(string value, string typed, bool expected) =>
        Assert.That(ParameterValue.Is(JsonElement.Parse(value), typed), Is.EqualTo(expected));
}
