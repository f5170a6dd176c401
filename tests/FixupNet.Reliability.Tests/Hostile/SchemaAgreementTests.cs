using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FixupNet.Architectures;
using FixupNet.Experiments;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Json.Schema;

namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>Promise 7: an editor that knows the schema and this program say the same about a document. The schema is judged by a validator that
/// shares no code with this program.</summary>
internal sealed partial class SchemaAgreementTests
{
    private const int Seed = 77;

    // What a schema cannot say: that one value depends on another, or on arithmetic.
    private static readonly (string Path, Regex Message)[] s_rulesBeyondSchemas =
    [
        ("model.depth", DepthRule()), // of the form 6n + 2 or 6n + 4
        ("schedule.milestonesEpochs", MilestonesRule()),
        ("training.microBatchSize", MicroBatchRule()),
        ("training.microBatchSize", BatchNormRule()),
        ("training.engine", EngineRule()),
        ("training.precision", EngineRule()),
        ("schedule.warmupEpochs", WarmupRule()),
        ("dataset.trainExamples", ExamplesRule()),
        ("dataset.testExamples", ExamplesRule()),
        ("training.memoryBudget", BudgetRule()),
        ("$schema", SchemaRule()), // an editor reads it, so the schema leaves it open
    ];

    // What documents of these keys may well hold: near enough to what is right to reach every rule.
    private static readonly string[] s_likelyNumbers = ["0", "1", "2", "7", "8", "10", "14", "15", "20", "64", "128", "129", "1000", "0.5", "1.0", "2.50", "1e1", "12e-1", "120e-1", "5e-324", "-1"];

    private static readonly string[] s_likelyTexts =
    [
        "\"0GB\"", "\"101%\"", "\"80%\"", "\"0.1B\"", "\"1.5GiB\"", "\"9999999TB\"", "\"4 GB\"", "\"schemas/sweep.v1.json\"", "\"train.v2.json\"", "\"mine.json\"", "\"fixup\"", "\"plain\"",
        "\"batchnorm\"", "\"eager\"", "\"depth-first\"", "\"bfloat16\"", "\"a\"", "\"a-b.c\"", "\"A\"", "\"a\\n\"", "\"\"", $"\"{new string('a', 64)}\"", $"\"{new string('a', 65)}\"", $"\"{new string('a', 1000)}\"",
        $"\"{new string('a', 1001)}\"", $"\"{string.Concat(Enumerable.Repeat("\U0001F600", 600))}\"", "\"a\\u0085b\"", "\"a\\u00adb\"", "\"a\\u2028b\"", "null", "true",
    ];

    [TestCase(100)]
    [TestCase(5_000, Category = "Slow")]
    public void SchemaAndProgram_Agree(int documents)
    {
        var schema = JsonSchema.FromText(TrainDocument.Schema(ProductRegistries.All).ToJsonString());
        JsonTree[] samples = [.. ConfigTargets.TrainDocuments.Select(JsonTree.Parse)];
        var (agreed, beyond, refused) = (0, 0, 0);
        List<string> disagreements = [];
        var trees = Gen.OneOf(
            HostileJson.Damaged(samples), HostileJson.WithOtherValues(samples), HostileJson.WithValues(samples, s_likelyNumbers, s_likelyTexts),
            HostileJson.WithValues(samples, s_likelyNumbers, s_likelyNumbers));
        foreach (var document in trees.Select(tree => tree.ToString()).Where(IsPlainJson).Sample(documents, new Rnd(Seed), 50))
        {
            var errors = ErrorsOf(document);
            var isValid = schema.Evaluate(JsonDocument.Parse(document).RootElement).IsValid;
            if (isValid == (errors.Count == 0)) agreed++;
            else if (isValid && errors.All(IsBeyondSchemas)) beyond++;
            else disagreements.Add($"schema {(isValid ? "accepts" : "refuses")}, program says {(errors.Count == 0 ? "nothing" : string.Join(" | ", errors))}: {document}");
            if (errors.Count > 0) refused++;
        }

        Assert.That(disagreements, Is.Empty);
        Figures.Note(7, string.Create(CultureInfo.InvariantCulture, $"schema and program agree on {agreed + beyond} documents, {refused} of them refused, {beyond} by rules that no schema can state"));
    }

    private static bool IsBeyondSchemas(ConfigError error) => s_rulesBeyondSchemas.Any(rule => error.Path == rule.Path && rule.Message.IsMatch(error.Message));

    private static IReadOnlyList<ConfigError> ErrorsOf(string document)
    {
        try
        {
            TrainDocument.Parse(Encoding.UTF8.GetBytes(document), "a.json", [], ProductRegistries.All);
            return [];
        }
        catch (ConfigException error)
        {
            return error.Errors;
        }
    }

    // A schema is about JSON values: what is no JSON, says a key twice or holds half a character has none. Numbers that are no decimals are left
    // out, because the validator reads 1e-400 as 0.
    private static bool IsPlainJson(string document)
    {
        try
        {
            using var json = JsonDocument.Parse(document, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Scalars(json.RootElement).All(IsExact);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    [GeneratedRegex("^is -?[0-9]+; must be 6n\\+[24] ")]
    private static partial Regex DepthRule();

    [GeneratedRegex("^is an array of [0-9]+; must be above 0 and ascending")]
    private static partial Regex MilestonesRule();

    [GeneratedRegex("; must be at most batchSize, which is ")]
    private static partial Regex MicroBatchRule();

    [GeneratedRegex("; must be null for a network with batch normalization")]
    private static partial Regex BatchNormRule();

    [GeneratedRegex(", which (the engine \"[a-z-]+\" does not have|cannot train this network)")]
    private static partial Regex EngineRule();

    [GeneratedRegex("; must be less than training.epochs")]
    private static partial Regex WarmupRule();

    [GeneratedRegex("; [a-z0-9-]+ has [0-9]+ (training|test) images")]
    private static partial Regex ExamplesRule();

    [GeneratedRegex("; must be (above 0|at most 100%|at least 1B and below 2\\^63 bytes)")]
    private static partial Regex BudgetRule();

    [GeneratedRegex("; this program reads train.v1.json here")]
    private static partial Regex SchemaRule();

    private static bool IsExact(JsonElement scalar) => scalar.ValueKind switch
    {
        JsonValueKind.String => scalar.GetString() is not null, // throws where half a character is missing
        JsonValueKind.Number => scalar.TryGetDecimal(out var number) && (number != 0 || scalar.GetRawText().AsSpan().IndexOfAnyInRange('1', '9') < 0),
        _ => true,
    };

    private static IEnumerable<JsonElement> Scalars(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Scalars),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => member.Name.Length >= 0 ? Scalars(member.Value) : []),
        _ => [element],
    };
}
