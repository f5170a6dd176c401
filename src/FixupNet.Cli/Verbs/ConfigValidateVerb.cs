using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Runs;

namespace FixupNet.Cli.Verbs;

/// <summary>"config validate": every error of some documents.</summary>
internal static class ConfigValidateVerb
{
    private sealed record Verdict(string File, bool IsValid, string? Kind, string? Hash, int? TrialCount, IReadOnlyList<ConfigError> Errors);

    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var files = new Argument<string[]>("FILE") { Description = "Train or sweep documents (JSON).", Arity = ArgumentArity.OneOrMore };
        var json = Inputs.Json();
        var verb = new Verb(
            "validate", "Checks documents and the files they need; tells every error.",
            "fixupnet config validate configs/cifar10-resnet110.json configs/depth-sweep.json")
        {
            files, json,
        };
        verb.SetAction(parsed =>
        {
            List<Verdict> verdicts = [.. parsed.GetRequiredValue(files).Select(file => Check(host, file))];
            if (parsed.GetValue(json)) RunText.WriteJson(host.Output, verdicts);
            else Write(host, verdicts);
            return ExitCodes.Of(verdicts.SelectMany(verdict => verdict.Errors));
        });
        return verb;
    }

    private static Verdict Check(CliHost host, string file)
    {
        try
        {
            var document = SomeDocument.Load(file, [], host.Registries);
            // What this machine lacks says nothing against a document that is meant for another one.
            var problems = document.Start.Find().Select(problem => problem.Kind == ProblemKind.Unavailable ? problem with { Kind = ProblemKind.Warning } : problem);
            return new(file, true, document.Kind, document.Hash, document.TrialCount, [.. problems, .. document.Warnings]);
        }
        catch (ConfigException error)
        {
            return new(file, false, null, null, null, error.Errors);
        }
    }

    private static void Write(CliHost host, List<Verdict> verdicts)
    {
        foreach (var verdict in verdicts)
        {
            var trials = verdict.Kind == "sweep" ? $" of {verdict.TrialCount} trials" : "";
            if (verdict.IsValid) host.Output.WriteLine($"{verdict.File}: valid {verdict.Kind} document{trials}, hash {verdict.Hash}");
            foreach (var error in verdict.Errors) host.Error.WriteLine(PrintableText.Of(error.ToString()));
        }
    }
}
