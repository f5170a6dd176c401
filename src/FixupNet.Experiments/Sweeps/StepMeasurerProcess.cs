using System.Globalization;
using System.Text.Json;
using FixupNet.Experiments.Processes;
using FixupNet.Experiments.Trials;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Measures in a process of its own, this same program's command "measure": only there is resident memory a trial's own.</summary>
/// <param name="clock">Tells the time.</param>
public sealed class StepMeasurerProcess(TimeProvider clock) : IStepMeasurer
{
    // How this program begins what it says of a failure.
    private const string Prefix = "fixupnet: ";

    /// <inheritdoc/>
    public (StepMeasurement Measurement, double StartSeconds) Measure(
        string configJson, IReadOnlyList<string> overrides, StepPlan? plan, int? threads)
    {
        var folder = Directory.CreateTempSubdirectory("fixupnet-measure-");
        try
        {
            var file = Path.Combine(folder.FullName, "config.json");
            File.WriteAllText(file, configJson);
            var started = clock.GetTimestamp();
            var text = Output(["measure", file, .. overrides, .. PlanArguments(plan), .. ThreadArguments(threads)]);
            var seconds = clock.GetElapsedTime(started).TotalSeconds;
            var measurement = JsonSerializer.Deserialize<StepMeasurement>(text, RunJson.Indented) ?? throw new IOException("The measurement gave no result.");
            return (measurement, seconds - measurement.MeasuredSeconds);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Output(IEnumerable<string> arguments)
    {
        using var process = OwnProgram.Start(arguments);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == 0) return output;
        var said = errors.GetAwaiter().GetResult().Trim();
        throw new MeasurementException(process.ExitCode, $"measuring a training step failed: {(said.StartsWith(Prefix, StringComparison.Ordinal) ? said[Prefix.Length..] : said)}");
    }

    private static IEnumerable<string> PlanArguments(StepPlan? plan) =>
        plan is null ? [] : ["--plan", JsonSerializer.Serialize(plan, RunJson.Indented)];

    private static IEnumerable<string> ThreadArguments(int? threads) =>
        threads is { } count ? ["--threads", count.ToString(CultureInfo.InvariantCulture)] : [];
}
