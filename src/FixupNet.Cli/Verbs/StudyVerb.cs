using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Sweeps;
using FixupNet.Experiments.Trials;
using FixupNet.Runs;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Runs.Studies;

namespace FixupNet.Cli.Verbs;

/// <summary>"study": asks a question of trained networks, and keeps the answer in the folder of each.</summary>
internal static class StudyVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var name = new Argument<string>("NAME") { Description = "A study; \"fixupnet studies\" lists them." };
        name.CompletionSources.Add(_ => host.Registries.Studies.Select(study => study.Name));
        var rest = new Argument<string[]>("RUN|key=value") { Description = "Folders of runs or sweeps, and options of the study.", Arity = ArgumentArity.OneOrMore };
        var again = new Option<bool>("--again") { Description = "Also asks networks that have an answer to the same options." };
        var (device, threads, json) = (Inputs.Device(), Inputs.Threads(), Inputs.Json());
        var verb = new Verb(
            "study", "Asks a question of trained networks; answers are kept as studies/NAME.json in the folder of each, and the report shows them.",
            "fixupnet study hessian runs/first", "fixupnet study adversarial runs/quickstart-1a2b3c epsilon=0.03 steps=40")
        {
            name, rest, again, device, threads, json,
        };
        verb.SetAction(parsed =>
        {
            var (options, folders) = (parsed.GetRequiredValue(rest).Where(IsOption).ToList(), parsed.GetRequiredValue(rest).Where(text => !IsOption(text)).ToList());
            var choice = StudyChoice.Parse(parsed.GetRequiredValue(name), options, host.Registries);
            if (folders.Count == 0) throw new UsageException("study needs the folder of a run or of a sweep.");
            if (choice.Entry.IsOfSweep) return AskSweeps(host, choice, folders, parsed.GetValue(json));
            host.Interruption.Listen();
            var trials = folders.SelectMany(folder => Trials(folder, choice.Request)).ToList();
            var records = new List<(TrialDirectory Trial, StudyRecord Record)>();
            foreach (var trial in trials)
            {
                if (host.Interruption.Token.IsCancellationRequested) break;
                var known = parsed.GetValue(again) ? null : StudyAnswers.Find(trial, choice.Request);
                var record = known ?? StudyQuestion.Ask(host, choice, trial, new TrialOptions(parsed.GetRequiredValue(device), parsed.GetValue(threads), Command: host.Command), isShown: true);
                if (record is null) break;
                records.Add((trial, record));
            }
            if (parsed.GetValue(json)) RunText.WriteJson(host.Output, records.Select(item => new { trial = item.Trial.Root, item.Record }));
            else foreach (var (trial, record) in records) Write(host.Output, trial.Root, record);
            return records.Count < trials.Count ? ExitCodes.Interrupted : ExitCodes.Success;
        });
        return verb;
    }

    // Reading what trials came to takes no time: such a study is asked anew each time, for a sweep grows.
    private static int AskSweeps(CliHost host, StudyChoice choice, List<string> folders, bool asJson)
    {
        var answers = new List<(string Root, StudyRecord Record)>();
        foreach (var sweep in folders.Select(SweepVerb.Open))
        {
            answers.Add((sweep.Root, SweepStudy.Run(choice, sweep)));
        }
        if (asJson) RunText.WriteJson(host.Output, answers.Select(answer => new { sweep = answer.Root, answer.Record }));
        else foreach (var (root, record) in answers) Write(host.Output, root, record);
        return ExitCodes.Success;
    }

    private static bool IsOption(string text) => text.Contains('=') && !Directory.Exists(text);

    // Of a sweep, the trials that were trained to their end.
    private static IEnumerable<TrialDirectory> Trials(string folder, StudyRequest request)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"There is no folder {folder}{Inputs.DidYouMeanPath(folder)}.");
        var sweep = new SweepDirectory(folder);
        if (!File.Exists(sweep.PlanFile)) return [new TrialDirectory(folder)];
        var completed = sweep.ReadPlan().Select(sweep.Trial).Where(trial => request.IsAskedOf(trial.ReadState())).ToList();
        return completed.Count > 0 ? completed : throw new FileNotFoundException($"{folder} holds no trial that was trained to its end.");
    }

    private static void Write(TextWriter output, string root, StudyRecord record)
    {
        output.WriteLine($"{Path.GetFileName(Path.TrimEndingDirectorySeparator(root))}: {record.Study}, {RunText.Seconds(record.ElapsedSeconds)}");
        foreach (var value in record.Values)
        {
            var error = value.StandardError is { } deviation ? $" ± {Number(deviation, value.Unit)}" : "";
            output.WriteLine($"  {value.Name}: {Number(value.Value, value.Unit)}{error}");
        }
    }

    private static string Number(double value, string unit) =>
        unit == Metric.Share ? FormattableString.Invariant($"{value * 100:F1} %") : FormattableString.Invariant($"{value:G4}{(unit.Length > 0 ? " " : "")}{unit}");
}
