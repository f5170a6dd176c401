using System.Text.Json.Serialization;
using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Records;

namespace FixupNet.Runs.Json;

[JsonSerializable(typeof(TrialStatus))]
[JsonSerializable(typeof(TrialSummary))]
[JsonSerializable(typeof(EnvironmentRecord))]
[JsonSerializable(typeof(MetricsLine))]
[JsonSerializable(typeof(MetricsLineJson.Members))]
[JsonSerializable(typeof(BestResultJson.Place))]
[JsonSerializable(typeof(GradientNormsHeader))]
[JsonSerializable(typeof(GradientNormsLine))]
[JsonSerializable(typeof(ActivationsHeader))]
[JsonSerializable(typeof(ActivationsLine))]
[JsonSerializable(typeof(PlanLine))]
[JsonSerializable(typeof(ProbeRecord))]
[JsonSerializable(typeof(StudyRecord))]
[JsonSerializable(typeof(StudyRequests))]
[JsonSerializable(typeof(ExamplesLine))]
[JsonSerializable(typeof(CheckpointManifest))]
[JsonSerializable(typeof(CheckpointState))]
[JsonSerializable(typeof(WorkerRecord))]
[JsonSerializable(typeof(WeightsRecord))]
[JsonSerializable(typeof(ReusedRecord))]
[JsonSerializable(typeof(SweepEvent))]
internal sealed partial class RunJsonContext : JsonSerializerContext;
