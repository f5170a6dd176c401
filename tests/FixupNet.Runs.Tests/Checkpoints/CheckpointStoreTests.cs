using System.Text;
using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Tests.Files;

namespace FixupNet.Runs.Tests.Checkpoints;

internal sealed class CheckpointStoreTests : TemporaryFolderTests
{
    private static readonly string[] s_files = [Checkpoint.ModelFile, Checkpoint.OptimizerFile, Checkpoint.StateFile];

    private TrialDirectory Run => new(At("run"));

    private CheckpointStore Store => new(Run, keep: 2);

    [Test]
    public void Save_WritesAFolderThatVerifies()
    {
        var saved = Save(500);

        var verified = Checkpoint.Verify(Run.CheckpointFolder(500));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(verified.Folder, Is.EqualTo(saved.Folder).And.EqualTo(Run.CheckpointFolder(500)));
            Assert.That(verified.Name, Is.EqualTo("step-0000000500"));
            Assert.That((verified.Manifest.Schema, verified.Manifest.Step, verified.Manifest.ConfigHash), Is.EqualTo((1, 500L, "abc")));
            Assert.That(verified.Manifest.Files.Select(file => (file.Name, file.Bytes)), Is.EqualTo(s_files.Select(name => (name, (long)$"{name} 500".Length))));
            Assert.That(verified.Manifest.Logs, Is.EqualTo(new[] { new LogLength("metrics.jsonl", 12) }));
            Assert.That(File.ReadAllText(verified.PathOf(Checkpoint.ModelFile)), Is.EqualTo("model.safetensors 500"));
            Assert.That(File.ReadAllText(Run.LatestCheckpointFile), Is.EqualTo("step-0000000500\n"));
            Assert.That(File.Exists(Run.BestCheckpointFile), Is.False);
            Assert.That(Directory.EnumerateFileSystemEntries(Run.CheckpointsFolder).Count(), Is.EqualTo(2), "nothing temporary is left");
        }
    }

    [Test]
    public void Save_KeepsTheNewestAndTheBest()
    {
        Save(1);
        Save(2, isBest: true);
        Save(3);
        Save(4);
        Save(5);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Store.List(), Is.EqualTo(new[] { "step-0000000005", "step-0000000004", "step-0000000002" }));
            Assert.That(CheckpointStore.Read(Run.BestCheckpointFile), Is.EqualTo("step-0000000002"));
            Assert.That(CheckpointStore.Read(Run.LatestCheckpointFile), Is.EqualTo("step-0000000005"));
        }
    }

    // As a crash leaves it between the new folder's name and the pointers to it.
    [TestCase(true, "step-0000000003")]
    [TestCase(false, "step-0000000001")]
    public void Adopt_FinishesASave(bool isBest, string best)
    {
        Save(1, isBest: true);
        Save(2);
        var pointers = (Latest: File.ReadAllText(Run.LatestCheckpointFile), Best: File.ReadAllText(Run.BestCheckpointFile));
        new CheckpointStore(Run, keep: 3).Save(3, "abc", [], [.. s_files.Select(Content)], isBest: true); // by then nothing is removed
        File.WriteAllText(Run.LatestCheckpointFile, pointers.Latest);
        File.WriteAllText(Run.BestCheckpointFile, pointers.Best);

        new CheckpointStore(Run, keep: 1).Adopt("step-0000000003", isBest);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(CheckpointStore.Read(Run.LatestCheckpointFile), Is.EqualTo("step-0000000003"));
            Assert.That(CheckpointStore.Read(Run.BestCheckpointFile), Is.EqualTo(best));
            Assert.That(Store.List(), Is.EquivalentTo(new[] { "step-0000000003", best }.Distinct()));
        }
    }

    // A power loss between any two of these calls leaves what latest names, and all that it names is on the device by then.
    [Test]
    [Platform("Linux")]
    public void Save_ForcesEveryFileAndFolderToTheDevice_InThisOrder()
    {
        Save(1);

        var calls = SystemCalls.In(Run.Root, () => Store.Save(2, "abc", [], [Content(Checkpoint.ModelFile), Content(Checkpoint.StateFile)], isBest: true));

        Assert.That(calls, Is.EqualTo(new[]
        {
            "write checkpoints/.tmp-2/model.safetensors", "fsync checkpoints/.tmp-2/model.safetensors",
            "write checkpoints/.tmp-2/state.json", "fsync checkpoints/.tmp-2/state.json",
            "write checkpoints/.tmp-2/manifest.json", "fsync checkpoints/.tmp-2/manifest.json",
            "fsync checkpoints/.tmp-2", "rename checkpoints/.tmp-2 checkpoints/step-0000000002", "fsync checkpoints",
            "write checkpoints/.latest.tmp", "fsync checkpoints/.latest.tmp", "rename checkpoints/.latest.tmp checkpoints/latest", "fsync checkpoints",
            "write checkpoints/.best.tmp", "fsync checkpoints/.best.tmp", "rename checkpoints/.best.tmp checkpoints/best", "fsync checkpoints",
        }));
    }

    // Or a power loss could take the folder with all that is in it.
    [Test]
    [Platform("Linux")]
    public void Save_ForcesTheFoldersOwnEntryToTheDevice_WhenItIsTheFirst()
    {
        Directory.CreateDirectory(Run.Root);

        var calls = SystemCalls.In(Run.Root, () => Store.Save(1, "abc", [], [], isBest: false));

        Assert.That(calls.Take(2), Is.EqualTo(new[] { "fsync .", "write checkpoints/.tmp-1/manifest.json" }));
    }

    [Test]
    public void Save_TakesAnotherName_WhenTheStepHasACheckpointAlready()
    {
        var store = new CheckpointStore(Run, keep: 3);
        Save(7, text: "before the evaluation");
        Save(7, text: "after it");
        var third = store.Save(7, "abc", [], [.. s_files.Select(Content)], isBest: false);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(third.Name, Is.EqualTo("step-0000000007.2"));
            Assert.That(store.List(), Is.EqualTo(new[] { "step-0000000007.2", "step-0000000007.1", "step-0000000007" }));
            Assert.That(FindNewest()!.Name, Is.EqualTo("step-0000000007.2"));
        }
    }

    [Test]
    public void Save_LeavesEverythingAsItWas_WhenWritingFails()
    {
        Save(1);
        var files = new[] { Content("model.safetensors", "half"), Failing("optimizer.safetensors", "more") };

        Assert.That(() => Store.Save(2, "abc", [], files, isBest: true), Throws.TypeOf<IOException>().With.Property("HResult").EqualTo(28)
            .And.Message.EqualTo($"{Run.CheckpointsFolder}: the checkpoint at step 2 cannot be written (4 of 8 bytes were): No space left on device. "
                + "step-0000000001 is as it was; run the same command again once this is put right."));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Store.List(), Is.EqualTo(new[] { "step-0000000001" }));
            Assert.That(File.ReadAllText(Run.LatestCheckpointFile), Is.EqualTo("step-0000000001\n"));
            Assert.That(File.Exists(Run.BestCheckpointFile), Is.False);
            Assert.That(Directory.EnumerateDirectories(Run.CheckpointsFolder).Count(), Is.EqualTo(1), "what was half written is gone");
        }
    }

    [Test]
    public void Save_SaysThatThereIsNoOther_WhenTheFirstFails() => Assert.That(
        () => Store.Save(2, "abc", [], [Failing("a", "more")], isBest: false),
        Throws.TypeOf<IOException>().With.Message.Contains("(0 of 4 bytes were): No space left on device. There is no other; run"));

    [Test]
    public void FindNewest_FindsNothing_WhereNothingIs() => Assert.That(FindNewest(), Is.Null);

    [Test]
    public void FindNewest_TakesTheNewest_WhateverLatestSays()
    {
        Save(1);
        Save(2);
        File.WriteAllText(Run.LatestCheckpointFile, "step-0000000001\n");

        Assert.That(FindNewest()!.Manifest.Step, Is.EqualTo(2));
    }

    // What happens to a file of the newest checkpoint, and what is said of it.
    private static readonly TestCaseData[] s_damages =
    [
        new TestCaseData(Checkpoint.ModelFile, (Action<string>)File.Delete, "model.safetensors: is missing.").SetArgDisplayNames("missing"),
        new TestCaseData(Checkpoint.OptimizerFile, (Action<string>)FlipABit, "optimizer.safetensors: does not match its checksum.").SetArgDisplayNames("flip"),
        new TestCaseData(Checkpoint.StateFile, (Action<string>)(file => File.AppendAllText(file, "x")), "state.json: is 13 bytes long where 12 were written.").SetArgDisplayNames("longer"),
        new TestCaseData(Checkpoint.StateFile, (Action<string>)(file => File.WriteAllText(file, "")), "state.json: is 0 bytes long where 12 were written.").SetArgDisplayNames("empty"),
        new TestCaseData(CheckpointManifest.FileName, (Action<string>)File.Delete, "manifest.json: is missing.").SetArgDisplayNames("no manifest"),
        new TestCaseData(CheckpointManifest.FileName, (Action<string>)(file => File.WriteAllText(file, "")), "not a CheckpointManifest").SetArgDisplayNames("empty manifest"),
        new TestCaseData(CheckpointManifest.FileName, (Action<string>)(file => Replace(file, "\"step\": 2", "\"step\": 3")), "does not match its own checksum").SetArgDisplayNames("manifest says another step"),
        new TestCaseData(CheckpointManifest.FileName, (Action<string>)(file => Replace(file, "\"schema\": 1", "\"schema\": 2")), "has schema 2; this program reads 1").SetArgDisplayNames("newer schema"),
        new TestCaseData(CheckpointManifest.FileName, (Action<string>)(file => File.AppendAllText(file, " ")), "does not match its own checksum").SetArgDisplayNames("manifest longer"),
        new TestCaseData(CheckpointManifest.FileName, (Action<string>)(file => File.WriteAllBytes(file, new byte[(1 << 24) + 1])), "is over 16777216 bytes long").SetArgDisplayNames("huge manifest"),
    ];

    [TestCaseSource(nameof(s_damages))]
    public void FindNewest_SetsADamagedOneAside_AndTakesTheOneBefore(string file, Action<string> damage, string problem)
    {
        Save(1);
        var newest = Save(2, text: "twelve bytes");
        damage(newest.PathOf(file));
        var damaged = new List<DamagedCheckpoint>();

        var found = Store.FindNewest(setAside: true, damaged);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(found!.Name, Is.EqualTo("step-0000000001"));
            Assert.That(damaged, Has.Count.EqualTo(1));
            Assert.That(damaged[0].Folder, Is.EqualTo(newest.Folder + ".corrupt"));
            Assert.That(damaged[0].Problem, Does.Contain(problem));
            Assert.That(Directory.Exists(newest.Folder + ".corrupt"));
            Assert.That(Store.List(), Is.EqualTo(new[] { "step-0000000001" }));
        }
    }

    [Test]
    [Platform("Linux")]
    public void FindNewest_ForcesTheNewNameOfADamagedOneToTheDevice()
    {
        FlipABit(Save(1).PathOf(Checkpoint.ModelFile));

        var calls = SystemCalls.In(Run.CheckpointsFolder, () => FindNewest());

        Assert.That(calls, Is.EqualTo(new[] { "rename step-0000000001 step-0000000001.corrupt", "fsync ." }));
    }

    [Test]
    public void FindNewest_TakesACheckpoint_WhoseLogsEndWithIt()
    {
        Save(1);
        File.WriteAllText(Run.MetricsFile, "twelve bytes");

        Assert.That(FindNewest()!.Name, Is.EqualTo("step-0000000001"));
    }

    [Test]
    public void FindNewest_SetsAsideACheckpoint_UnderTheNameOfAnother()
    {
        Save(1);
        Directory.Move(Save(2).Folder, Run.CheckpointFolder(7));
        var damaged = new List<DamagedCheckpoint>();

        Assert.That(Store.FindNewest(setAside: true, damaged)!.Name, Is.EqualTo("step-0000000001"));
        Assert.That(damaged.Single().Problem, Is.EqualTo($"{Run.CheckpointFolder(7)}: is of step 2, which its name is not."));
    }

    [Test]
    public void Read_ReadsAPointerNoFurtherThanANameGoes()
    {
        using (var file = File.Create(At("pointer"))) file.SetLength(5L << 30); // sparse: larger than any text

        Assert.That(CheckpointStore.Read(At("pointer")), Is.Null);
    }

    [Test]
    public void FindNewest_MovesNothing_WhenOnlyLooking()
    {
        var saved = Save(1);
        FlipABit(saved.PathOf(Checkpoint.ModelFile));
        var damaged = new List<DamagedCheckpoint>();

        Assert.That(Store.FindNewest(setAside: false, damaged), Is.Null);
        Assert.That(damaged, Is.EqualTo(new[] { new DamagedCheckpoint(saved.Folder, $"{saved.PathOf(Checkpoint.ModelFile)}: does not match its checksum.") }));
        Assert.That(Directory.Exists(saved.Folder));
    }

    [Test]
    public void FindNewest_KeepsEveryDamagedOne_WhenAStepIsDamagedTwice()
    {
        for (var i = 0; i < 3; i++)
        {
            FlipABit(Save(1).PathOf(Checkpoint.ModelFile));
            Assert.That(Store.FindNewest(setAside: true, []), Is.Null);
        }

        Assert.That(Directory.EnumerateDirectories(Run.CheckpointsFolder).Select(Path.GetFileName).Order(), Is.EqualTo(
            new[] { "step-0000000001.corrupt", "step-0000000001.corrupt-1", "step-0000000001.corrupt-2" }));
    }

    [TestCase(null, 0)]
    [TestCase("12345678901", 11)]
    public void FindNewest_PassesOverACheckpoint_WhoseLogLostLines(string? log, int length)
    {
        var saved = Save(1);
        if (log is null) File.Delete(Run.MetricsFile);
        else File.WriteAllText(Run.MetricsFile, log);
        var damaged = new List<DamagedCheckpoint>();

        Assert.That(Store.FindNewest(setAside: true, damaged), Is.Null);
        Assert.That(damaged, Is.EqualTo(new[]
        {
            new DamagedCheckpoint(
                saved.Folder, $"{Path.GetFullPath(Run.MetricsFile)}: is {length} bytes long where the checkpoint was written after 12; lines were lost.", IsIntact: true),
        }));
        Assert.That(Directory.Exists(saved.Folder), "the checkpoint itself is good");
    }

    [Test]
    public void RemoveUnfinished_RemovesWhatKilledWritersLeft()
    {
        Save(1);
        Directory.CreateDirectory(Path.Combine(Run.CheckpointsFolder, ".tmp-2-0a1b2c3d", "inner"));
        File.WriteAllText(Path.Combine(Run.CheckpointsFolder, ".latest.0a1b2c3d.tmp"), "half");

        Store.RemoveUnfinished();

        Assert.That(Directory.EnumerateFileSystemEntries(Run.CheckpointsFolder).Select(Path.GetFileName), Is.EquivalentTo(new[] { "latest", "step-0000000001" }));
    }

    [Test]
    public void RemoveUnfinished_DoesNothing_WhereThereIsNoFolder()
    {
        Store.RemoveUnfinished();

        Assert.That(Directory.Exists(Run.CheckpointsFolder), Is.False);
    }

    [Test]
    public void RemoveAll_RemovesTheFolderToo()
    {
        Save(1, isBest: true);
        Save(2);

        Store.RemoveAll();
        Store.RemoveAll();

        Assert.That(Directory.Exists(Run.CheckpointsFolder), Is.False);
    }

    [Test]
    public void RemoveAll_KeepsWhatWasSetAside()
    {
        FlipABit(Save(1).PathOf(Checkpoint.ModelFile));
        Store.FindNewest(setAside: true, []);
        Save(2);

        Store.RemoveAll();

        Assert.That(Directory.EnumerateFileSystemEntries(Run.CheckpointsFolder).Select(Path.GetFileName), Is.EqualTo(new[] { "step-0000000001.corrupt" }));
    }

    [TestCase("step-0000000005\n", "step-0000000005")]
    [TestCase("step-0000000005.2", "step-0000000005.2")]
    [TestCase("step-0000000005.corrupt", null)]
    [TestCase("step-5", null)]
    [TestCase("../step-0000000005", null)]
    [TestCase("", null)]
    public void Read_TakesNamesOfCheckpointsOnly(string content, string? expected)
    {
        File.WriteAllText(At("pointer"), content);

        Assert.That(CheckpointStore.Read(At("pointer")), Is.EqualTo(expected));
    }

    [Test]
    public void Read_GivesNothing_WithoutAFile() => Assert.That(CheckpointStore.Read(At("pointer")), Is.Null);

    // Whoever can write the folder can compute a checksum, too: names are checked all the same.
    [TestCase("../model.safetensors", "metrics.jsonl")]
    [TestCase("model.safetensors", "../metrics.jsonl")]
    [TestCase("model.safetensors", "/etc/passwd")]
    public void Verify_RefusesNamesThatLeadOut(string file, string log)
    {
        var manifest = new CheckpointManifest(1, 1, "abc", [new CheckpointFile("a", 0, ""), new CheckpointFile(file, 0, "")], [new LogLength("b", 0), new LogLength(log, 0)]);
        File.WriteAllBytes(At("manifest.json"), manifest.ToBytes());

        Assert.That(() => Checkpoint.Verify(Folder), Throws.TypeOf<InvalidDataException>().With.Message.Contains("names a file outside its folder"));
    }

    [TestCase(Checkpoint.ModelFile)]
    [TestCase(Checkpoint.OptimizerFile)]
    [TestCase(Checkpoint.StateFile)]
    public void Verify_RefusesACheckpointThatLacksAFile(string file)
    {
        Directory.CreateDirectory(Run.Root);
        var saved = Store.Save(1, "abc", [], [.. s_files.Where(name => name != file).Select(Content)], isBest: false);

        Assert.That(() => Checkpoint.Verify(saved.Folder), Throws.TypeOf<InvalidDataException>().With.Message.Contains($"does not list {file}"));
    }

    [TestCase("metrics.jsonl", 12)]
    [TestCase("gradient-norms.jsonl", 0)]
    public void LengthOf_IsThatOfTheLog_OrZero(string log, long expected) => Assert.That(Save(1).Manifest.LengthOf(log), Is.EqualTo(expected));

    private Checkpoint? FindNewest() => Store.FindNewest(setAside: true, []);

    private Checkpoint Save(long step, string? text = null, bool isBest = false)
    {
        Directory.CreateDirectory(Run.Root);
        File.WriteAllText(Run.MetricsFile, "twelve bytes and more");
        return Store.Save(step, "abc", [new LogLength("metrics.jsonl", 12)], [.. s_files.Select(name => Content(name, text ?? $"{name} {step}"))], isBest);
    }

    private static (string, Action<Stream>) Content(string name) => Content(name, name);

    private static (string, Action<Stream>) Content(string name, string text) => (name, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    // Fails at the first try only, as a disk does; then the length is asked for.
    private static (string, Action<Stream>) Failing(string name, string text)
    {
        var hasFailed = false;
        return (name, stream =>
        {
            if (!hasFailed)
            {
                hasFailed = true;
                throw new IOException("No space left on device.", 28);
            }
            stream.Write(Encoding.UTF8.GetBytes(text));
        });
    }

    private static void FlipABit(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(file, bytes);
    }

    private static void Replace(string file, string old, string replacement) => File.WriteAllText(file, File.ReadAllText(file).Replace(old, replacement));
}
