using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace FixupNet.Cli;

/// <summary>The usual help, with the examples of the command below it.</summary>
/// <param name="usual">The help it adds to.</param>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not Verb { Examples.Count: > 0 } verb) return ExitCodes.Success;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(verb.Examples.Count == 1 ? "Example:" : "Examples:");
        foreach (var example in verb.Examples) output.WriteLine($"  {example}");
        output.WriteLine();
        return ExitCodes.Success;
    }
}
