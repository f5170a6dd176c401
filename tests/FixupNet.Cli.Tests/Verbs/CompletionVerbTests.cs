using System.Diagnostics;

namespace FixupNet.Cli.Tests.Verbs;

internal sealed class CompletionVerbTests : CliTests
{
    [TestCase("fixupnet swe", "sweep")]
    [TestCase("./fixupnet sweep st", "list status stop")]
    [TestCase("fixupnet compare a b --te", "--test")]
    [TestCase("fixupnet compare a b --test w", "welch wilcoxon")]
    [TestCase("fixupnet export runs/a --to ", "csv npy tensorboard")]
    [TestCase("fixupnet config schema ", "sweep train")]
    [TestCase("fixupnet train a.json model.dep", "model.depth=")]
    [TestCase("fixupnet train a.json record.tens", "record.tensorboard=")]
    [TestCase("fixupnet", "")]
    [TestCase("fixupnet compl", "completion")] // not the hidden command that answers
    public void Complete_TellsWhatTheLastWordMayBecome(string line, string expected)
    {
        var result = Run("complete", line);

        Assert.That(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(word => expected.Contains("--") || !word.StartsWith('-')).Order(),
            Is.EqualTo(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries)), result.Error);
    }

    [TestCase("bash", "complete -o default -F _fixupnet fixupnet")]
    [TestCase("zsh", "#compdef fixupnet")]
    [TestCase("pwsh", "Register-ArgumentCompleter")]
    public void Completion_WritesAScript(string shell, string expected) => Assert.That(Run("completion", shell).Output, Does.Contain(expected));

    [Test]
    public void Completion_Gives64AndASuggestion_WhenTheShellIsMistyped()
    {
        var result = Run("completion", "bahs");

        Assert.That((result.ExitCode, result.Error.Contains("did you mean \"bash\"?")), Is.EqualTo((64, true)), result.Error);
    }

    [Test]
    public void Completion_CompletesInBash()
    {
        if (!File.Exists("/bin/bash")) Assert.Ignore("There is no bash here.");
        Write("script", Run("completion", "bash").Output);
        Write("fixupnet", "#!/bin/sh\nprintf '%s\\n' status plan \"asked:$2\"\n");

        // What readline would do at the Tab key, with a program that tells what it was asked.
        var bash = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", $$"""
            source '{{At("script")}}'; chmod +x '{{At("fixupnet")}}'
            COMP_LINE='fixupnet sweep st'; COMP_POINT=17; COMP_WORDS=('{{At("fixupnet")}}' sweep st); COMP_CWORD=2
            _fixupnet 2>/dev/null; printf '%s ' "${COMPREPLY[@]}"
            """]) { RedirectStandardOutput = true })!;
        var output = bash.StandardOutput.ReadToEnd();
        bash.WaitForExit();

        Assert.That(output, Is.EqualTo("status "));
    }
}
