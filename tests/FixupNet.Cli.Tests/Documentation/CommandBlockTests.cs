using System.CommandLine.Parsing;
using FixupNet.Experiments;
using FixupNet.Experiments.Configuration;

namespace FixupNet.Cli.Tests.Documentation;

/// <summary>What README and docs/ tell a reader to type is what this program takes.</summary>
internal sealed class CommandBlockTests : CliTests
{
    // What ./fixupnet does by itself, without the program.
    private static readonly string[] s_launcherCommands = ["test", "publish", "build"];

    private static IEnumerable<CommandBlock> Blocks => CommandBlock.All;

    private static IEnumerable<CommandBlock> Quick => Blocks.Where(block => block.Kind.Length == 0);

    private static IEnumerable<string[]> Commands => Blocks.SelectMany(block => block.Commands).Where(command => !s_launcherCommands.Contains(command[0]));

    [Test]
    public void Blocks_AreOfAKnownKind() =>
        Assert.That(Blocks.Where(block => block.Kind is not ("" or "minutes" or "elsewhere")).Select(block => $"{block}: {block.Kind}"), Is.Empty);

    [TestCaseSource(nameof(Commands))]
    public void Command_IsUnderstood(params string[] command)
    {
        IReadOnlyList<ParseError> errors = [];
        RunIn(
            host =>
            {
                errors = CommandLine.Parse(command, host).Errors;
                return host;
            },
            ["--version"]);

        Assert.That(errors.Select(error => error.Message), Is.Empty);
    }

    [Test]
    public void Commands_NameConfigurationsAndKeysThatExist()
    {
        HashSet<string> keys = [.. OverrideKeys.All(ProductRegistries.All)];
        var words = Commands.Where(command => command is not ["study", ..]).SelectMany(command => command).ToList();
        // A study has options of its own.
        foreach (var command in Commands.Where(command => command is ["study", ..]))
            Assert.That(() => StudyChoice.Parse(command[1], command.Where(word => word.Contains('=')), ProductRegistries.All), Throws.Nothing, string.Join(' ', command));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(words.Where(word => word.StartsWith("configs/", StringComparison.Ordinal) && !File.Exists(Path.Combine(CommandBlock.Repository!, word))), Is.Empty);
            Assert.That(words.Where(word => word.IndexOf('=') is > 0 and var end && !word.Contains('/') && !keys.Contains(word[..(end + 1)])), Is.Empty);
        }
    }

    [TestCaseSource(nameof(Quick)), Platform("Linux")]
    public void Block_RunsAsPrinted(CommandBlock block)
    {
        using var reader = new Reader();

        reader.Type(block);
    }

    // One after the other in one folder: a later page looks at what an earlier one ran.
    [Test, Category("Slow"), Platform("Linux")]
    public void Blocks_OfMinutes_RunAsPrinted()
    {
        using var reader = new Reader();

        foreach (var block in Blocks.Where(block => block.Kind == "minutes")) reader.Type(block);
    }
}
