using System.Runtime.Versioning;
using FixupNet.Reliability.Tests.Harness;

namespace FixupNet.Reliability.Tests.Paths;

/// <summary>Promise 19: a path that does not let itself be used ends the program with one message that names it, the right exit code, and nothing
/// overwritten; one that is merely odd is used.</summary>
[UnsupportedOSPlatform("windows")]
[Requires(Need.OtherUser, Need.OwnMounts)]
internal sealed class PathTests : ReliabilityTest
{
    private static readonly string s_longName = new('n', 255);

    private string Template => At("template");

    private Dictionary<string, string> Surroundings => new() { ["XDG_CACHE_HOME"] = At("cache"), ["HOME"] = Folder };

    [SetUp]
    public void MakeTemplate()
    {
        File.SetUnixFileMode(Folder, CaseFolder.OwnerOnly);
        Directory.CreateDirectory(Template);
        Write("template/tiny.json", TinyTrial.Document);
        Write("template/sweep.json", """{ "name": "swept", "base": "tiny.json", "grid": { "training.epochs": [1] } }""");
        Succeed(TinyTrial.Command(At("template/tiny.json"), At("template/done")));
        Succeed([ProgramRun.Program, "sweep", "run", At("template/sweep.json"), "--output", At("template")]);
        Directory.Move(Directory.GetDirectories(Template, "swept-*").Single(), At("template/swept"));
        Succeed([ProgramRun.Program, "checkpoint", "export", At("template/done/config.json"), "--to", At("template/w.safetensors")]);
    }

    [TestCase(8)]
    [TestCase(int.MaxValue, Category = "Slow")]
    public void OddPath_IsUsedOrRefusedWithOneMessage(int count)
    {
        var cases = Cases.Spread(PathCases.All, count);
        var expected = RunFingerprint.Of(At("template/done"));

        Cases.Check(cases, one => ProblemWith(one, expected));

        Figures.Note(19, $"{cases.Count} paths that are closed, read-only, missing or odd: each used or refused with the right exit code and one message");
    }

    private string? ProblemWith(PathCase one, RunFingerprint expected)
    {
        using var folder = new CaseFolder(Template);
        one.Prepare?.Invoke(folder);
        var before = folder.Content();

        var run = Child.Run(CommandOf(one, folder), Surroundings);

        if (run.ExitCode != one.ExitCode) return $"exit code {run.ExitCode} instead of {one.ExitCode}: {run.Error}";
        if (one.ExitCode == 0) return one.Run is null ? null : RunFingerprint.Of(folder.At(Filled(one.Run, folder))).DifferenceTo(expected);
        var mentions = Filled(one.Mentions, folder);
        if (!MessageOf(run).Contains(mentions)) return $"\"{mentions}\" is not in the message: {run.Error}";
        if (run.Error.Contains("   at ")) return $"there is a stack trace: {run.Error}";
        var after = folder.Content();
        return before.All(file => after.GetValueOrDefault(file.Key) == file.Value) ? null : "a file was changed or removed";
    }

    private static string MessageOf(ProgramRun run) => run.Error.Split('\n').Count(line => line.StartsWith("fixupnet: ", StringComparison.Ordinal)) == 1
        ? run.Error[run.Error.IndexOf("fixupnet: ", StringComparison.Ordinal)..]
        : "not one message";

    private static IReadOnlyList<string> CommandOf(PathCase one, CaseFolder folder)
    {
        IEnumerable<string> command = one.Command.Split(' ').Select(word => Filled(word, folder)).Prepend(ProgramRun.Program);
        if (one.AsNobody) command = Needs.AsNobody.Concat(command);
        // "$@" is the command: no shell reads its words.
        if (one.InRemovedFolder) command = ["sh", "-ec", "mkdir \"$0/gone\"; cd \"$0/gone\"; rmdir \"$0/gone\"; exec \"$@\"", folder.Root, .. command];
        if (one.OnReadOnlyMount)
            command = [.. Needs.WithOwnMounts, "mkdir \"$0\"; mount -t tmpfs none \"$0\"; mount -o remount,ro \"$0\"; exec \"$@\"", folder.At("mounted"), .. command];
        return [.. command];
    }

    private static string Filled(string text, CaseFolder folder) =>
        text.Replace("{0}", folder.Root).Replace("{long}", s_longName).Replace('␣', ' ').Replace("{{", "{").Replace("}}", "}");

    private void Succeed(IReadOnlyList<string> command)
    {
        var run = Child.Run(command, Surroundings);
        Assert.That(run.ExitCode, Is.Zero, run.Error);
    }
}
