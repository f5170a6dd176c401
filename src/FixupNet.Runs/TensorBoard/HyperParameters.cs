using System.Text.Json;

namespace FixupNet.Runs.TensorBoard;

/// <summary>A run's settings as TensorBoard's table of hyperparameters takes them, by key: "model.depth" → 110.</summary>
/// <remarks>tensorboard/plugins/hparams/plugin_data.proto.</remarks>
internal static class HyperParameters
{
    private const string PluginName = "hparams";

    // What describes a run to people is no setting of it.
    private static readonly string[] s_notSettings = ["$schema", "name", "about"];

    /// <summary>The value of an event that begins a session with the settings of a configuration.</summary>
    public static ProtobufMessage SessionStart(JsonElement config, double wallTimeSeconds)
    {
        var session = new ProtobufMessage();
        foreach (var (key, value) in Settings(config, "")) session.Add(1, new ProtobufMessage().Add(1, key).Add(2, value)); // a map's entry
        session.Add(5, wallTimeSeconds);
        return Plugin("session_start_info", 3, session);
    }

    /// <summary>The value of an event that ends a session.</summary>
    public static ProtobufMessage SessionEnd(bool isSuccess, double wallTimeSeconds) =>
        Plugin("session_end_info", 4, new ProtobufMessage().Add(1, isSuccess ? 1L : 2).Add(2, wallTimeSeconds));

    // HParamsPluginData: version 0, then one of experiment (2), session_start_info (3), session_end_info (4).
    private static ProtobufMessage Plugin(string tag, int field, ProtobufMessage data) =>
        SummaryValue.Plugin($"_hparams_/{tag}", PluginName, new ProtobufMessage().Add(1, 0L).Add(field, data));

    private static IEnumerable<(string Key, ProtobufMessage Value)> Settings(JsonElement node, string path)
    {
        foreach (var member in node.EnumerateObject())
        {
            if (path.Length == 0 && s_notSettings.Contains(member.Name)) continue;
            var key = path + member.Name;
            if (member.Value.ValueKind == JsonValueKind.Object)
                foreach (var setting in Settings(member.Value, key + ".")) yield return setting;
            else if (ValueOf(member.Value) is { } value) yield return (key, value);
        }
    }

    // google.protobuf.Value: number_value, string_value, bool_value. Lists are no hyperparameters there, so they go as text.
    private static ProtobufMessage? ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number => new ProtobufMessage().Add(2, value.GetDouble()),
        JsonValueKind.True or JsonValueKind.False => new ProtobufMessage().Add(4, value.GetBoolean()),
        JsonValueKind.String => new ProtobufMessage().Add(3, value.GetString()!),
        _ => new ProtobufMessage().Add(3, value.GetRawText()),
    };
}
