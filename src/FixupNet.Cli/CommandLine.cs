using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using FixupNet.Cli.Host;
using FixupNet.Cli.Verbs;
using FixupNet.Runs;

namespace FixupNet.Cli;

/// <summary>All commands, and what happens to a line that is none of them.</summary>
internal static class CommandLine
{
    private const string ProgramName = "fixupnet";

    /// <summary>Parses a command line and runs its command.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="host">The surroundings.</param>
    /// <returns>The exit code of the command, or <see cref="ExitCodes.Usage"/>.</returns>
    public static int Run(string[] args, CliHost host)
    {
        var parsed = Parse(args, host);
        host.Log.IsVerbose = parsed.GetValue<bool>("--verbose");
        var invocation = new InvocationConfiguration
        {
            Output = host.Output,
            Error = host.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        if (parsed.Action is { ClearsParseErrors: true } || (parsed.Errors.Count == 0 && UnknownOption(parsed) is null)) return parsed.Invoke(invocation);
        return Refuse(parsed, invocation);
    }

    /// <summary>Parses a command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="host">The surroundings of its command.</param>
    // "@file" means the file's lines in System.CommandLine; here it is what it looks like.
    internal static ParseResult Parse(string[] args, CliHost host) => Create(host).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    private static Verb Create(CliHost host)
    {
        // No RootCommand: that one goes by the name of its file.
        var root = new Verb(
            ProgramName, "Deep residual networks without normalization: trains, measures and compares initializations.",
            "fixupnet doctor", "fixupnet train --help")
        {
            new HelpOption(),
            new VersionOption(),
            TrainVerb.Create(host),
            SweepVerb.Create(host),
            ProbeVerb.Create(host),
            EvaluateVerb.Create(host),
            StudyVerb.Create(host),
            TranslateVerb.Create(host),
            ReportVerb.Create(host),
            CompareVerb.Create(host),
            ExportVerb.Create(host),
            ConfigVerb.Create(host),
            ListVerb.Models(host),
            ListVerb.Methods(host),
            ListVerb.Initializers(host),
            ListVerb.Tasks(host),
            ListVerb.Datasets(host),
            ListVerb.Optimizers(host),
            ListVerb.Transforms(host),
            ListVerb.Schedules(host),
            ListVerb.Studies(host),
            DataVerb.Create(host),
            CheckpointVerb.Create(host),
            BenchVerb.Create(host),
            DoctorVerb.Create(host),
            CompletionVerb.Create(host),
            MeasureVerb.Create(host),
            BenchContenderVerb.Create(host),
        };
        root.Subcommands.Add(CompletionVerb.CreateAnswer(host, root));
        root.Options.Add(new Option<bool>("--verbose") { Description = "Tell more on standard error.", Recursive = true });
        foreach (var help in root.Options.OfType<HelpOption>()) help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    // Several errors often follow from the first, which is the one to correct.
    private static int Refuse(ParseResult parsed, InvocationConfiguration invocation)
    {
        var command = parsed.CommandResult.Command;
        var words = Words(parsed.CommandResult);
        if (parsed.UnmatchedTokens.Count == 0 && command.Subcommands.Count > 0)
        {
            parsed.RootCommandResult.Command.Parse([.. words.Skip(1), "--help"]).Invoke(invocation);
            return ExitCodes.Usage;
        }
        var unknown = UnknownOption(parsed) ?? parsed.UnmatchedTokens.FirstOrDefault();
        var problem = unknown is null ? Problem(parsed.Errors[0]) : Unknown(unknown, command);
        invocation.Error.WriteLine($"fixupnet: {PrintableText.Of(problem)} See \"{string.Join(' ', words)} --help\".");
        return ExitCodes.Usage;
    }

    // An argument of several values would take it for one of them: "There is no folder --jsn". What hidden commands are handed is anybody's.
    private static string? UnknownOption(ParseResult parsed) => parsed.CommandResult.Command.Hidden
        ? null
        : parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash) ? null
        : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
            .FirstOrDefault(token => token.Value.Length > 1 && token.Value.StartsWith('-'))?.Value;

    private static string Unknown(string token, Command command)
    {
        IEnumerable<Symbol> known = token.StartsWith('-') ? command.Options.Where(option => !option.Hidden) : command.Subcommands.Where(subcommand => !subcommand.Hidden);
        var kind = token.StartsWith('-') ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        return $"unknown {kind} \"{token}\"{Inputs.DidYouMean(token.Split('=')[0], known.Select(symbol => symbol.Name))}.";
    }

    private static string Problem(ParseError error) => error.SymbolResult is ArgumentResult { Tokens.Count: 0, Parent: CommandResult } missing
        ? $"{missing.Argument.Name} is missing."
        : error.Message.ReplaceLineEndings(" ");

    // The names of a command and those it is under, from the left.
    private static List<string> Words(CommandResult command)
    {
        var words = new List<string>();
        for (SymbolResult? result = command; result is CommandResult sub; result = sub.Parent) words.Insert(0, sub.Command.Name);
        return words;
    }
}
