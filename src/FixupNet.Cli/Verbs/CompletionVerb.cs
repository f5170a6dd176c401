using System.CommandLine;
using FixupNet.Cli.Host;

namespace FixupNet.Cli.Verbs;

/// <summary>"completion": scripts that make shells complete command lines by the Tab key, and the command they ask.</summary>
internal static class CompletionVerb
{
    private const string Bash = """
        _fixupnet() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" complete "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
          [[ ${COMPREPLY[0]:-} == *= ]] && compopt -o nospace
        }
        complete -o default -F _fixupnet fixupnet
        """;

    private const string Zsh = """
        #compdef fixupnet
        _fixupnet() {
          local -a found
          found=("${(@f)$("${~words[1]}" complete "$LBUFFER" 2>/dev/null)}")
          if [[ -n $found[1] ]]; then compadd -S '' -- $found; else _files; fi
        }
        compdef _fixupnet fixupnet
        """;

    private const string Pwsh = """
        Register-ArgumentCompleter -Native -CommandName fixupnet, fixupnet.cmd -ScriptBlock {
          param($wordToComplete, $commandAst, $cursorPosition)
          $line = $commandAst.Extent.Text
          if ($cursorPosition -gt $commandAst.Extent.EndOffset) { $line += ' ' }
          & $commandAst.CommandElements[0].Extent.Text complete $line | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
          }
        }
        """;

    private static readonly IReadOnlyDictionary<string, string> Scripts =
        new Dictionary<string, string> { ["bash"] = Bash, ["zsh"] = Zsh, ["pwsh"] = Pwsh };

    /// <summary>Creates the command that writes the scripts.</summary>
    public static Command Create(CliHost host)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or pwsh." };
        shell.Validators.Add(result => Inputs.RequireOneOf(result, shell.Name, [.. Scripts.Keys]));
        shell.CompletionSources.Add([.. Scripts.Keys]);
        var verb = new Verb(
            "completion", "Writes the script that makes a shell complete command lines.",
            "fixupnet completion bash >> ~/.bashrc", "fixupnet completion zsh >> ~/.zshrc", "fixupnet completion pwsh >> $PROFILE")
        {
            shell,
        };
        verb.SetAction(parsed =>
        {
            host.Output.WriteLine(Scripts[parsed.GetRequiredValue(shell)]);
            return ExitCodes.Success;
        });
        return verb;
    }

    /// <summary>Creates the command that the scripts ask: it writes what the last word of a line may become.</summary>
    /// <param name="host">The surroundings.</param>
    /// <param name="root">All commands.</param>
    public static Command CreateAnswer(CliHost host, Command root)
    {
        var line = new Argument<string>("LINE") { Description = "A command line up to the cursor." };
        var verb = new Verb("complete", "Writes what the last word of a command line may become.") { line };
        verb.Hidden = true;
        verb.SetAction(parsed =>
        {
            foreach (var completion in Complete(root, parsed.GetRequiredValue(line))) host.Output.WriteLine(completion);
            return ExitCodes.Success;
        });
        return verb;
    }

    private static IEnumerable<string> Complete(Command root, string line)
    {
        // The first word is this program, under whatever path it was called.
        var start = line.TrimStart().IndexOf(' ');
        if (start < 0) return [];
        var rest = line.TrimStart()[(start + 1)..];
        return root.Parse(rest).GetCompletions(rest.Length).Select(item => item.InsertText ?? item.Label)
            .Where(text => text.Length > 0 && text[0] != '/' && text is not ("-?" or "-h")).Distinct();
    }
}
