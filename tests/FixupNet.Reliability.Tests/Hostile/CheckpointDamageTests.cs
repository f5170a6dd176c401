using System.Globalization;
using FixupNet.Reliability.Tests.Harness;
using FixupNet.Runs;
using FixupNet.Runs.Checkpoints;

namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>Promise 5: whatever happens to the files of a checkpoint is noticed before they are used; the one before is used instead, and the damaged
/// one kept under another name.</summary>
internal sealed class CheckpointDamageTests : ReliabilityTest
{
    private const int TruncationBytes = 64;

    private static int s_flips;
    private static int s_cuts;
    private static int s_others;
    private static int s_resumed;

    private TrialDirectory _run = null!;
    private string _newest = "";
    private string _before = "";

    [OneTimeTearDown]
    public void NoteFigure() => Figures.Note(5, string.Create(CultureInfo.InvariantCulture,
        $"{s_flips} flipped bits, {s_cuts} truncations at every {TruncationBytes} bytes and {s_others} files lost, exchanged, outdated or longer: all noticed, the checkpoint before used, "
        + $"the damaged one kept; {s_resumed} runs resumed beside a damaged one gave the bits of the undisturbed run"));

    [TestCase(60)]
    [TestCase(10_000, Category = "Slow")]
    public void FlippedBit_IsNoticed(int flips)
    {
        Train();
        var random = new Random(5);
        var files = FilesOf(_newest);
        for (var flip = 0; flip < flips; flip++)
        {
            var file = files[random.Next(files.Length)];
            var damaged = File.ReadAllBytes(file);
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            RequireNoticed(() => File.WriteAllBytes(file, damaged), file);
            s_flips++;
        }
    }

    [TestCase(17)]
    [TestCase(1, Category = "Slow")]
    public void Truncation_IsNoticed(int everyBlocks)
    {
        Train();
        foreach (var file in FilesOf(_newest))
        {
            var content = File.ReadAllBytes(file);
            for (var block = 0; block * TruncationBytes < content.Length; block++)
            {
                if (block % everyBlocks != 0) continue;
                RequireNoticed(() => File.WriteAllBytes(file, content[..(block * TruncationBytes)]), file);
                s_cuts++;
            }
        }
    }

    [Test]
    public void OtherDamage_IsNoticed()
    {
        Train();
        foreach (var file in FilesOf(_newest))
        {
            var older = File.ReadAllBytes(Path.Combine(_before, Path.GetFileName(file)));
            var other = File.ReadAllBytes(FilesOf(_newest).First(path => path != file));
            Action[] damages =
            [
                () => File.Delete(file), () => File.WriteAllBytes(file, []), () => File.AppendAllText(file, "\0"), () => File.AppendAllText(file, " \n"),
                () => File.WriteAllBytes(file, older), () => File.WriteAllBytes(file, other), () => File.WriteAllBytes(file, [.. File.ReadAllBytes(file), .. other]),
                () => File.WriteAllBytes(file, new byte[new FileInfo(file).Length]),
            ];
            foreach (var damage in damages) RequireNoticed(damage, file);
            s_others += damages.Length;
        }
    }

    // With the program: the run goes on from the checkpoint before, and gives what the undisturbed one gave.
    [TestCase(Checkpoint.ModelFile)]
    [TestCase(CheckpointManifest.FileName, Category = "Slow")]
    [TestCase(Checkpoint.OptimizerFile, Category = "Slow")]
    [TestCase(Checkpoint.StateFile, Category = "Slow")]
    public void Train_ContinuesFromTheOneBefore(string file)
    {
        var trials = Train();
        File.Delete(_run.SummaryFile);
        var damaged = File.ReadAllBytes(Path.Combine(_newest, file));
        damaged[damaged.Length / 2] ^= 1;
        File.WriteAllBytes(Path.Combine(_newest, file), damaged);

        var resumed = Child.Run(trials.Command(_run.Root));

        Assert.That(resumed.ExitCode, Is.Zero, resumed.Error);
        Assert.That(resumed.Error, Does.Contain($"Checkpoint \"{_newest}.corrupt\" is of no use").Or.Contain($"Checkpoint {_newest}.corrupt is of no use"));
        Assert.That(File.ReadAllBytes(Path.Combine(_newest + ".corrupt", file)), Is.EqualTo(damaged));
        Assert.That(RunFingerprint.Of(_run.Root).DifferenceTo(trials.Undisturbed.Fingerprint), Is.Null);
        s_resumed++;
    }

    private Trials Train()
    {
        var trials = new Trials(Folder, "checkpoint.keep=9");
        _run = new TrialDirectory(trials.NewFolder());
        Assert.That(Child.Run(trials.Command(_run.Root)).ExitCode, Is.Zero);
        var names = Store.List();
        (_newest, _before) = (Path.Combine(_run.CheckpointsFolder, names[0]), Path.Combine(_run.CheckpointsFolder, names[1]));
        return trials;
    }

    private CheckpointStore Store => new(_run, keep: 9);

    private static string[] FilesOf(string folder) => Directory.GetFiles(folder);

    private void RequireNoticed(Action damage, string file)
    {
        var content = File.ReadAllBytes(file);
        damage();
        var what = File.Exists(file) ? File.ReadAllBytes(file) : null;
        var damaged = new List<DamagedCheckpoint>();

        var found = Store.FindNewest(setAside: true, damaged);

        Assert.That(found?.Folder, Is.EqualTo(_before), file);
        Assert.That(damaged.Select(one => one.Folder), Is.EqualTo(new[] { _newest + ".corrupt" }));
        var kept = Path.Combine(_newest + ".corrupt", Path.GetFileName(file));
        Assert.That(File.Exists(kept) ? File.ReadAllBytes(kept) : null, Is.EqualTo(what));
        Directory.Move(_newest + ".corrupt", _newest);
        File.WriteAllBytes(file, content);
    }
}
