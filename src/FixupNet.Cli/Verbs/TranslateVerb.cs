using System.CommandLine;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Trials;
using FixupNet.Training.Data.Text;

namespace FixupNet.Cli.Verbs;

/// <summary>"translate": a run's translation of a text, a sentence a line.</summary>
internal static class TranslateVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var run = new Argument<string>("DIR") { Description = "The folder of a run of the task \"translation\"." };
        var file = new Argument<string?>("FILE") { Description = "Sentences, one a line, UTF-8, plain or .gz; default: standard input.", Arity = ArgumentArity.ZeroOrOne };
        var weights = Inputs.Path("--weights", "FILE", "A .safetensors; default: the run's last weights.");
        var beam = Inputs.Count<int>("--beam", "Hypotheses that go on at once; 1: greedy; default: as in the run's evaluations.");
        var (device, threads) = (Inputs.Device(), Inputs.Threads());
        var verb = new Verb("translate", "Translates text, a sentence a line.", "fixupnet translate runs/first news.de > news.en", "echo \"the dog sees a cat.\" | fixupnet translate runs/first --beam 5")
        {
            run, file, weights, beam, device, threads,
        };
        verb.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(run);
            if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"There is no folder {folder}{Inputs.DidYouMeanPath(folder)}.");
            var (config, weightsFile) = RunFolder.Resolve(folder, parsed.GetValue(weights) is { } given ? Inputs.RequireFile(given) : null);
            var sentences = Read(host, parsed.GetValue(file));
            var translations = TranslationRunner.Run(
                SomeDocument.LoadTrain(config, [], host.Registries), folder, weightsFile!, sentences,
                search => parsed.GetValue(beam) is { } width ? search with { Beam = width } : search,
                new TrialOptions(parsed.GetRequiredValue(device), parsed.GetValue(threads), Command: host.Command));
            foreach (var translation in translations) host.Output.WriteLine(translation);
            return ExitCodes.Success;
        });
        return verb;
    }

    private static IReadOnlyList<string> Read(CliHost host, string? file)
    {
        if (file is not null) return TextLines.Read(Inputs.RequireFile(file), allowEmpty: true);
        using var input = host.OpenInput();
        return TextLines.Read(input, "standard input", allowEmpty: true);
    }
}
