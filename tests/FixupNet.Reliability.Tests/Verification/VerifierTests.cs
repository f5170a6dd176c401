using FixupNet.Reliability.Tests.Harness;

namespace FixupNet.Reliability.Tests.Verification;

/// <summary>The independent verifier finds what is damaged: that it finds nothing elsewhere means something only because of this.</summary>
[Requires(Need.Python)]
internal sealed class VerifierTests : ReliabilityTest
{
    private sealed record Damage(string Name, Action<string> Apply, string Found)
    {
        public override string ToString() => Name;
    }

    private const string Checkpoint = "checkpoints/step-0000000006";

    private static readonly Damage[] s_damages =
    [
        new("a bit of the weights", run => FlipBit(run, $"{Checkpoint}/model.safetensors", fromEnd: 5), "model.safetensors: does not match its checksum"),
        new("a bit of the header", run => FlipBit(run, $"{Checkpoint}/model.safetensors", fromEnd: 7000), "model.safetensors: does not match its checksum"),
        new("a bit of the momentum", run => FlipBit(run, $"{Checkpoint}/optimizer.safetensors", fromEnd: 5), "optimizer.safetensors: does not match its checksum"),
        new("a bit of the state", run => FlipBit(run, $"{Checkpoint}/state.json", fromEnd: 90), "state.json: does not match its checksum"),
        new("a digit of the manifest", run => Replace(run, $"{Checkpoint}/manifest.json", "\"step\": 6", "\"step\": 7"), "manifest.json: does not match its own checksum"),
        new("a manifest without a list", run => Replace(run, $"{Checkpoint}/manifest.json", "\"files\"", "\"fils\""), "is not understood"),
        new("a manifest that is none", run => File.WriteAllText(Path.Combine(run, Checkpoint, "manifest.json"), "[1]"), "manifest.json: holds no object"),
        new("an end cut off", run => Cut(run, $"{Checkpoint}/model.safetensors", 64), "model.safetensors: is"),
        new("a file removed", run => File.Delete(Path.Combine(run, Checkpoint, "optimizer.safetensors")), "optimizer.safetensors: is missing"),
        new("a file added", run => File.WriteAllText(Path.Combine(run, Checkpoint, "more"), ""), "more: is not listed in the manifest"),
        new("files exchanged", run => Exchange(run, $"{Checkpoint}/model.safetensors", "checkpoints/step-0000000003/model.safetensors"), "does not match its checksum"),
        new("a checkpoint under another name", run => Directory.Move(Path.Combine(run, Checkpoint), Path.Combine(run, "checkpoints/step-0000000005")), "is of step 6"),
        new("a pointer to nowhere", run => File.WriteAllText(Path.Combine(run, "checkpoints/latest"), "step-0000000099\n"), "latest: names 'step-0000000099'"),
        new("a pointer to an older one", run => File.Copy(Path.Combine(run, "checkpoints/best"), Path.Combine(run, "checkpoints/latest"), overwrite: true), "names an older checkpoint"),
        new("a best that is another", run => File.Copy(Path.Combine(run, "checkpoints/latest"), Path.Combine(run, "checkpoints/best"), overwrite: true), "calls the best"),
        new("something left behind", run => Directory.CreateDirectory(Path.Combine(run, "checkpoints/.tmp-6-0123abcd")), "was left behind"),
        new("another configuration", run => Replace(run, "config.json", "0.05", "0.06"), "is of another configuration"),
        new("a line lost", run => RemoveLine(run, "metrics.jsonl", 2), "has seq"),
        new("a line twice", run => RepeatLine(run, "metrics.jsonl", 2), "has seq"),
        new("a line that is none", run => Replace(run, "metrics.jsonl", "{\"seq\":2", "{\"seq\"2"), "metrics.jsonl:3: is no JSON"),
        new("a number that is none", run => Replace(run, "metrics.jsonl", "\"accuracy\":0,", "\"accuracy\":true,"), "has accuracy True"),
        new("a log shorter than its checkpoint knew", run => Cut(run, "metrics.jsonl", 100), "builds upon"),
        new("gradient norms twice", run => RepeatLine(run, "gradient-norms.jsonl", 3), "gradient-norms.jsonl:5: has step 2 after 2"),
        new("a norm lost", run => Replace(run, "gradient-norms.jsonl", "\"norms\":[0,", "\"norms\":["), "gradient-norms.jsonl:2: has other norms"),
        new("a result of another step", run => Replace(run, "summary.json", "\"steps\": 6", "\"steps\": 5"), "before a checkpoint"),
        new("a best that is no number", run => Replace(run, "summary.json", "\"testAccuracy\": 0", "\"testAccuracy\": \"NaN\""), "best accuracy"),
    ];

    private static readonly Damage[] s_sweepDamages =
    [
        new("a trial that nobody planned", sweep => Directory.CreateDirectory(Path.Combine(sweep, "trials/0009-more")), "is not in the plan"),
        new("a trial planned twice", sweep => RepeatLine(sweep, "plan.jsonl", 1), "names a directory twice"),
        new("a claim lost", sweep => File.Delete(Path.Combine(sweep, "claims/0001.0001.json")), "gives up what nobody claimed"),
        new("a claim of somebody else", sweep => Replace(sweep, "claims/0001.0001.json", "\"worker\":\"", "\"worker\":\"x"), "that is x"),
        new("a claim without the one before", sweep => File.Copy(Path.Combine(sweep, "claims/0000.0001.json"), Path.Combine(sweep, "claims/0000.0003.json")), "for the 3. time"),
        new("a trial completed twice", sweep => RepeatLine(sweep, Journal(sweep), 2), "was completed 2 times"),
        new("an event of another trial", sweep => Replace(sweep, Journal(sweep), "\"trial\":1", "\"trial\":7"), "of trial 7"),
        new("an event out of order", sweep => RemoveLine(sweep, Journal(sweep), 0), "is running after None"),
        new("a damaged trial", sweep => FlipBit(Directory.GetDirectories(Path.Combine(sweep, "trials"))[0], $"{Checkpoint}/model.safetensors", fromEnd: 5), "does not match its checksum"),
    ];

    [Test]
    public void Verifier_FindsDamage()
    {
        var trials = new Trials(Folder);
        var run = trials.Undisturbed.Folder;
        Assert.That(Verifier.Verify(run) is { ExitCode: 0 } verdict && verdict.Output.StartsWith("OK", StringComparison.Ordinal));

        Cases.Check(s_damages, damage => ProblemWith(damage, run, trials.NewFolder()));
    }

    [Test]
    public void Verifier_FindsDamageOfSweeps()
    {
        Write("tiny.json", TinyTrial.Document);
        Write("sweep.json", """{ "name": "swept", "base": "tiny.json", "grid": { "record.metricsEverySteps": [1, 2] } }""");
        Assert.That(Child.Run([ProgramRun.Program, "sweep", "run", At("sweep.json"), "--output", Folder]).ExitCode, Is.Zero);
        var sweep = Directory.GetDirectories(Folder, "swept-*").Single();
        Assert.That(Verifier.Verify(sweep).Output, Does.EndWith("is a sweep with 2 trials\n"));
        Assert.That(Verifier.Compare(sweep, sweep).Output, Is.EqualTo("OK: 2 trials with the same bits\n"));

        Cases.Check(s_sweepDamages, damage => ProblemWith(damage, sweep, At(Guid.NewGuid().ToString("N"))));
    }

    [Test]
    public void Verifier_ComparesRuns()
    {
        var trials = new Trials(Folder);
        var (run, same, other) = (trials.Undisturbed.Folder, trials.NewFolder(), trials.NewFolder());
        Assert.That(Child.Run(trials.Command(same)).ExitCode, Is.Zero);
        Copy(same, other);
        Replace(other, "metrics.jsonl", "\"seq\":3", "\"seq\":4");
        FlipBit(other, $"{Checkpoint}/model.safetensors", fromEnd: 5);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Verifier.Compare(run, same).Output, Does.StartWith("OK: the same bits"));
            Assert.That(Verifier.Compare(run, other), Has.Property("ExitCode").EqualTo(1).And.Property("Output").Contain("model.safetensors differs").And.Property("Output").Contain("metrics.jsonl differs"));
        }
    }

    private static string? ProblemWith(Damage damage, string original, string copy)
    {
        Copy(original, copy);
        damage.Apply(copy);
        var verdict = Verifier.Verify(copy);
        return verdict.ExitCode == 1 && verdict.Output.Contains(damage.Found) ? null : $"exit code {verdict.ExitCode}: {verdict.Output}{verdict.Error}";
    }

    // The one journal of a sweep that one process ran.
    private static string Journal(string sweep) => Path.GetRelativePath(sweep, Directory.GetFiles(Path.Combine(sweep, "journal")).Single());

    private static void Copy(string from, string to) => Assert.That(ProgramRun.Of("cp", ["-a", from, to]).ExitCode, Is.Zero);

    private static void FlipBit(string run, string name, int fromEnd)
    {
        var content = File.ReadAllBytes(Path.Combine(run, name));
        content[^fromEnd] ^= 1;
        File.WriteAllBytes(Path.Combine(run, name), content);
    }

    private static void Replace(string run, string name, string text, string by)
    {
        var content = File.ReadAllText(Path.Combine(run, name));
        Assert.That(content, Does.Contain(text));
        File.WriteAllText(Path.Combine(run, name), content.Replace(text, by));
    }

    private static void Cut(string run, string name, int bytes)
    {
        using var file = new FileStream(Path.Combine(run, name), FileMode.Open);
        file.SetLength(file.Length - bytes);
    }

    private static void Exchange(string run, string first, string second)
    {
        var content = File.ReadAllBytes(Path.Combine(run, first));
        File.WriteAllBytes(Path.Combine(run, first), File.ReadAllBytes(Path.Combine(run, second)));
        File.WriteAllBytes(Path.Combine(run, second), content);
    }

    private static void RemoveLine(string run, string name, int index) =>
        File.WriteAllLines(Path.Combine(run, name), File.ReadAllLines(Path.Combine(run, name)).Where((_, line) => line != index));

    private static void RepeatLine(string run, string name, int index) =>
        File.WriteAllLines(Path.Combine(run, name), File.ReadAllLines(Path.Combine(run, name)).SelectMany((text, line) => Enumerable.Repeat(text, line == index ? 2 : 1)));
}
