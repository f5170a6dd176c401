using System.CommandLine;
using System.Text.Json.Nodes;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Trials;
using FixupNet.Reporting;
using FixupNet.Runs;
using FixupNet.Runs.Files;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Verbs;

/// <summary>"train": one network, from its document to its summary.</summary>
internal static class TrainVerb
{
    private sealed record Arguments(TrainDocument Document, TrialDirectory Run, TrialOptions Options, bool IsSupervised);

    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var (config, overrides, device, threads, json) = (Inputs.Config(), Inputs.Overrides(host.Registries), Inputs.Device(), Inputs.Threads(), Inputs.Json());
        var output = Inputs.Path("--output", "DIR", "Folder of the run; default: runs/<name>-<hash of the configuration>.");
        var maxSteps = Inputs.Count<long>("--max-steps", "Stop after so many updates; the same command without it continues.");
        var resume = Inputs.Choice("--resume", "What to do with an earlier run in the folder: continue it, or begin again (a result is then kept in earlier-1).", "auto", "never", "must");
        var dryRun = new Option<bool>("--dry-run") { Description = "Check the document and tell what would be done; train nothing." };
        var supervised = new Option<bool>("--supervised") { Hidden = true };
        var (fence, sources, studies) = (new Option<string?>("--fence") { Hidden = true }, new Option<string?>("--sources") { Hidden = true }, new Option<string?>("--studies") { Hidden = true });
        var verb = new Verb(
            "train", "Trains a network and records how it went. What was interrupted continues: repeat the command.",
            "fixupnet train configs/cifar10-resnet110.json training.epochs=1 --output runs/first")
        {
            config, overrides, output, resume, device, threads, maxSteps, dryRun, json, supervised, fence, sources, studies,
        };
        verb.SetAction(parsed =>
        {
            // From the start: a signal while the network is built is to end as one in the middle of training does.
            if (!parsed.GetValue(dryRun))
            {
                Listen(host, parsed.GetValue(supervised));
                NativeRuntime.LoadAhead();
            }
            var document = SomeDocument.LoadTrain(parsed.GetRequiredValue(config), parsed.GetValue(overrides) ?? [], host.Registries);
            var folder = parsed.GetValue(output) ?? Path.Combine(OutputFolder.Runs, RunNames.Run(document.Config.Name, document.Json));
            var options = new TrialOptions(
                parsed.GetRequiredValue(device), parsed.GetValue(threads), parsed.GetValue(maxSteps), host.Command,
                Enum.Parse<ResumeMode>(parsed.GetRequiredValue(resume), ignoreCase: true), parsed.GetValue(fence), parsed.GetValue(sources));
            var arguments = new Arguments(document, new TrialDirectory(folder), options, parsed.GetValue(supervised));
            if (parsed.GetValue(dryRun)) return DryRun(host, arguments, parsed.GetValue(json));
            // Of a sweep's trial the sweep has made sure.
            if (!arguments.IsSupervised) RequireStart(arguments);
            var summary = Train(host, arguments);
            if (parsed.GetValue(json)) RunText.WriteJson(host.Output, summary);
            else RunText.Write(host.Output, arguments.Run, summary);
            // Of a trial of a sweep, the sweep's report tells.
            if (!arguments.IsSupervised && summary.State != TrialState.Interrupted) WriteReport(host, arguments.Run);
            // Of the trial of a sweep that asks something of its networks.
            if (parsed.GetValue(studies) is { } asked && !StudyQuestion.AskAll(host, asked, arguments.Run, summary.State, options with { MaxSteps = null, Resume = ResumeMode.Auto })) return ExitCodes.Interrupted;
            return ExitCode(summary.State);
        });
        return verb;
    }

    private static void Listen(CliHost host, bool isSupervised)
    {
        if (isSupervised) host.Interruption.ListenToSupervisor(Console.OpenStandardInput());
        else host.Interruption.Listen();
    }

    private static int DryRun(CliHost host, Arguments arguments, bool asJson)
    {
        SweepVerb.Warn(host, arguments.Document.Warnings);
        if (asJson) host.Output.Write(arguments.Document.Json);
        else WritePlan(host.Output, arguments);
        RequireStart(arguments);
        return ExitCodes.Success;
    }

    private static void WritePlan(TextWriter output, Arguments arguments)
    {
        var (config, run) = (arguments.Document.Config, arguments.Run);
        var table = new TextTable("", "");
        table.Add("name", config.Name);
        table.Add("directory", run.Root + (run.IsEnded ? " (already ended)" : Directory.Exists(run.Root) ? "" : " (new)"));
        var document = JsonNode.Parse(arguments.Document.Json)!;
        foreach (var section in (string[])["seed", "dataset", "model", "training"]) table.Add(section, document[section]!.ToJsonString());
        table.Add("hash", arguments.Document.Hash[..8]);
        table.WriteTo(output);
    }

    // What training would run into, all of it at once.
    private static void RequireStart(Arguments arguments)
    {
        var (run, options) = (arguments.Run, arguments.Options);
        var progress = options.Resume == ResumeMode.Never ? TrainingProgress.New
            : run.IsEnded ? TrainingProgress.Ended
            : File.Exists(run.LatestCheckpointFile) ? TrainingProgress.Begun
            : TrainingProgress.New;
        if (progress == TrainingProgress.Ended) return;
        if (options.Device is not ("auto" or "cpu")) ComputeDevice.Of(options.Device);
        var problems = arguments.Document.Start.Find(options.Device, _ => progress);
        if (problems.Count > 0) throw new ConfigException(problems);
    }

    private static TrialSummary Train(CliHost host, Arguments arguments)
    {
        var run = arguments.Run;
        OutputFolder.Create(run.Root);
        var log = host.Log.Open(run);
        foreach (var warning in arguments.Document.Warnings) log.Warning("{Place}", PrintableText.Of(warning.ToString()));
        if (IsDone(arguments) && arguments.Options.Resume != ResumeMode.Never)
            log.Information("{Directory} holds the result of this run already; for another one choose another --output, or begin again with --resume never", run.Root);
        return ProgressDisplay.Show(host, !arguments.IsSupervised, progress =>
            TrialRunner.Run(arguments.Document, run, arguments.Options, new TrialServices(log, host.Clock, progress), host.Interruption.Token));
    }

    // The run is complete and its records are safe, whatever becomes of the page about them.
    private static void WriteReport(CliHost host, TrialDirectory run)
    {
        try
        {
            ReportVerb.Announce(host, SweepReport.Write(run.Root));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            host.Log.Console.WriteLine($"The report was not written: {error.Message.TrimEnd('.')}. Once that is mended: fixupnet report {run.Root}");
        }
    }

    // One that ended after fewer epochs goes on.
    private static bool IsDone(Arguments arguments) =>
        arguments.Run.IsEnded && (!File.Exists(arguments.Run.ConfigFile) || File.ReadAllText(arguments.Run.ConfigFile) == arguments.Document.Json);

    private static int ExitCode(TrialState state) => state switch
    {
        TrialState.Completed or TrialState.Stopped => ExitCodes.Success,
        TrialState.Diverged => ExitCodes.Diverged,
        TrialState.Interrupted => ExitCodes.Interrupted,
        _ => ExitCodes.Bug,
    };
}
