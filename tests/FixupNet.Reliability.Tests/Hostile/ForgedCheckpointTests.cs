using System.Text.Json;
using FixupNet.Reliability.Tests.Harness;
using FixupNet.Runs;
using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;
using FixupNet.Runs.Safetensors;

namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>Promise 6, with the program: a checkpoint whose checksums are right and whose content is not ends with 65 and a message, and nothing is overwritten.</summary>
internal sealed class ForgedCheckpointTests : ReliabilityTest
{
    [Test]
    public void Train_RefusesAForgedCheckpoint()
    {
        var trials = new Trials(Folder, "checkpoint.keep=9");
        var run = new TrialDirectory(trials.NewFolder());
        Assert.That(Child.Run(trials.Command(run.Root)).ExitCode, Is.Zero);
        var newest = new CheckpointStore(run, 9).FindNewest(setAside: false, [])!;
        File.Delete(run.SummaryFile);
        var logs = Directory.GetFiles(run.Root, "*.jsonl").Where(log => Path.GetFileName(log) != "log.jsonl").ToDictionary(log => log, File.ReadAllBytes);
        foreach (var (name, forge) in Forgeries(newest))
        {
            Directory.Move(newest.Folder, At("kept"));
            new CheckpointStore(run, 9).Save(newest.Manifest.Step, newest.Manifest.ConfigHash, newest.Manifest.Logs, forge(At("kept")), isBest: false);

            var resumed = Child.Run(trials.Command(run.Root));

            using (Assert.EnterMultipleScope())
            {
                Assert.That(resumed.ExitCode, Is.EqualTo(65), $"{name}: {resumed.Error}");
                Assert.That(resumed.Error, Does.Contain("fixupnet: ").And.Not.Contain("   at "), name);
                Assert.That(logs.All(log => File.ReadAllBytes(log.Key).AsSpan().SequenceEqual(log.Value)), name);
            }
            Directory.Delete(newest.Folder, recursive: true);
            Directory.Move(At("kept"), newest.Folder);
        }
    }

    private static IEnumerable<(string Name, Func<string, IReadOnlyList<(string Name, Action<Stream> Write)>> Forge)> Forgeries(Checkpoint newest)
    {
        yield return ("impossible position", Changed(newest, state => state with { Position = state.Position with { StepSeconds = double.NaN } }));
        yield return ("impossible plan", Changed(newest, state => state with { Arithmetic = state.Arithmetic with { Plan = state.Arithmetic.Plan with { MicroBatchSize = 0 } } }));
        yield return ("other data", Changed(newest, state => state with { DatasetDigest = "00ff" }));
        yield return ("state that is none", folder => Files(folder, Checkpoint.StateFile, "{}"u8.ToArray()));
        yield return ("weights that are none", folder => Files(folder, Checkpoint.ModelFile, [1, 2, 3]));
        yield return ("weights of another shape", folder => Tensors(folder, Checkpoint.ModelFile, entry => entry with { Shape = [entry.Data.Length / 4], DType = "F32" }));
        yield return ("weights of another type", folder => Tensors(folder, Checkpoint.ModelFile, entry => entry with { Shape = [entry.Data.Length], DType = "I8" }));
        yield return ("weights of other names", folder => Tensors(folder, Checkpoint.ModelFile, entry => entry with { Name = "x." + entry.Name }));
        yield return ("memory of another optimizer", folder => Tensors(folder, Checkpoint.OptimizerFile, entry => entry with { Name = "x." + entry.Name }));
    }

    private static Func<string, IReadOnlyList<(string Name, Action<Stream> Write)>> Changed(Checkpoint newest, Func<CheckpointState, CheckpointState> change)
    {
        var state = change(newest.ReadState());
        return folder => Files(folder, Checkpoint.StateFile, JsonSerializer.SerializeToUtf8Bytes(state, RunJson.Indented));
    }

    private static IReadOnlyList<(string Name, Action<Stream> Write)> Tensors(string folder, string file, Func<SafetensorsEntry, SafetensorsEntry> change)
    {
        var forged = Path.Combine(folder, "forged");
        SafetensorsFile.Write(forged, [.. SafetensorsFile.Read(Path.Combine(folder, file)).Entries.Select(change)]);
        var content = File.ReadAllBytes(forged);
        File.Delete(forged);
        return Files(folder, file, content);
    }

    private static IReadOnlyList<(string Name, Action<Stream> Write)> Files(string folder, string changed, byte[] content) =>
    [
        .. new[] { Checkpoint.ModelFile, Checkpoint.OptimizerFile, Checkpoint.StateFile }
            .Select(name => (name, new Action<Stream>(stream => stream.Write(name == changed ? content : File.ReadAllBytes(Path.Combine(folder, name)))))),
    ];
}
