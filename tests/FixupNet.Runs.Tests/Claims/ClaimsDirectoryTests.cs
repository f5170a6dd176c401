using FixupNet.Runs.Claims;
using FixupNet.Runs.Files;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Runs.Tests.Claims;

public sealed class ClaimsDirectoryTests : TemporaryFolderTests
{
    private ClaimsDirectory _claims = null!;

    [SetUp]
    public void AnnounceWorkers()
    {
        _claims = new ClaimsDirectory(At("claims"));
        Directory.CreateDirectory(_claims.WorkersFolder);
        foreach (var worker in (string[])["one", "two"]) RunJson.WriteFile(_claims.WorkerFile(worker), Record(worker));
    }

    [Test]
    public void Paths_AreThoseOfTheContract() =>
        Assert.That(
            new[] { _claims.ClaimFile(7, 2), _claims.ClaimFile(12_345, 10_001), _claims.WorkerFile("w-1"), _claims.LockFile("w-1") }
                .Select(path => Path.GetRelativePath(_claims.Root, path).Replace('\\', '/')),
            Is.EqualTo(new[] { "0007.0002.json", "12345.10001.json", "workers/w-1.json", "workers/w-1.lock" }));

    [TestCase("../w")]
    [TestCase("")]
    [TestCase("W")]
    public void Paths_Throw_WhenAWorkersNameLeadsElsewhere(string name) =>
        Assert.That(() => _claims.WorkerFile(name), Throws.ArgumentException.With.Message.Contains($"\"{name}\" is no name of a worker"));

    [Test]
    public void TryClaim_GivesATrialToOneWorker()
    {
        var (first, second) = (_claims.TryClaim(3, 1, "one"), _claims.TryClaim(3, 1, "two"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((first, second), Is.EqualTo((true, false)));
            Assert.That(_claims.ReadOwner(3, 1), Is.EqualTo(Record("one")));
            Assert.That((_claims.Exists(3, 1), _claims.Exists(3, 2), _claims.Exists(2, 1)), Is.EqualTo((true, false, false)));
        }
    }

    [Test]
    public void TryClaim_GivesEachGenerationAnew()
    {
        _claims.TryClaim(3, 1, "one");

        Assert.That((_claims.TryClaim(3, 2, "two"), _claims.ReadOwner(3, 2)!.Worker, _claims.ReadOwner(3, 1)!.Worker), Is.EqualTo((true, "two", "one")));
    }

    // A network file system repeats a request whose answer was lost, and then answers that the file is there already.
    [Test]
    public void TryClaim_KnowsItsOwnClaim()
    {
        _claims.TryClaim(3, 1, "one");

        Assert.That(_claims.TryClaim(3, 1, "one"), Is.True);
    }

    [Test]
    public void TryClaim_LeavesADamagedClaimAlone()
    {
        File.WriteAllText(_claims.ClaimFile(3, 1), "");

        Assert.That((_claims.TryClaim(3, 1, "one"), new FileInfo(_claims.ClaimFile(3, 1)).Length), Is.EqualTo((false, 0)));
    }

    [Test]
    public void TryClaim_Throws_WhenTheWorkerIsNotAnnounced() =>
        Assert.That(() => _claims.TryClaim(3, 1, "three"), Throws.InstanceOf<FileNotFoundException>());

    [Test]
    public void TryClaim_HasOneWinner_WhenManyRace()
    {
        string[] workers = [.. Enumerable.Range(0, 8).Select(index => $"racer-{index}")];
        foreach (var worker in workers) RunJson.WriteFile(_claims.WorkerFile(worker), Record(worker));
        using var start = new Barrier(workers.Length);
        var wins = new bool[workers.Length, 50];
        var threads = workers.Select((worker, index) => new Thread(() =>
        {
            for (var trial = 0; trial < 50; trial++)
            {
                start.SignalAndWait();
                wins[index, trial] = _claims.TryClaim(trial, 1, worker);
            }
        })).ToList();

        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.That(Enumerable.Range(0, 50).Select(trial => Enumerable.Range(0, workers.Length).Count(index => wins[index, trial])), Is.All.EqualTo(1));
    }

    [Test]
    public void Release_IsSeen_AndMayBeRepeated()
    {
        _claims.TryClaim(3, 1, "one");
        var before = _claims.IsReleased(3, 1);

        _claims.Release(3, 1, "one");
        _claims.Release(3, 1, "one");

        Assert.That((before, _claims.IsReleased(3, 1), _claims.IsReleased(3, 2), _claims.Exists(3, 1)), Is.EqualTo((false, true, false, true)));
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("\0\0\0\0")]
    [TestCase("""{"worker":"../../x","machine":"m","processId":1,"leaseSeconds":30,"beat":1000000000}""")]
    [TestCase("""{"worker":null}""")]
    public void ReadOwner_GivesNull_WhenTheClaimIsDamaged(string content)
    {
        File.WriteAllText(_claims.ClaimFile(3, 1), content);

        Assert.That(_claims.ReadOwner(3, 1), Is.Null);
    }

    [Test]
    public void ReadOwner_GivesNull_WhenThereIsNoClaim() => Assert.That(_claims.ReadOwner(3, 1), Is.Null);

    [Test]
    public void ReadWorker_ReadsTheWorkersFile() => Assert.That((_claims.ReadWorker("two"), _claims.ReadWorker("three")), Is.EqualTo((Record("two"), (WorkerRecord?)null)));

    [Test]
    public void ListGenerations_GivesTheHighestOfEachTrial()
    {
        foreach (var (trial, generation) in (ReadOnlySpan<(int, int)>)[(0, 1), (3, 10), (3, 9), (3, 2), (12_345, 1)]) _claims.TryClaim(trial, generation, "one");
        _claims.Release(3, 10, "one");
        foreach (var name in (string[])["stop", "5.json", ".json", "5.x.json", "x.5.json", "-5.1.json", "5.1.1.json"]) File.WriteAllText(Path.Combine(_claims.Root, name), "");

        Assert.That(_claims.ListGenerations(), Is.EquivalentTo(new Dictionary<int, int> { [0] = 1, [3] = 10, [12_345] = 1 }));
    }

    [Test]
    public void ListGenerations_IsEmpty_WhenThereIsNoFolder() => Assert.That(new ClaimsDirectory(At("none")).ListGenerations(), Is.Empty);

    [Test]
    public void IsStopped_IsWhatItWasSetTo()
    {
        var before = _claims.IsStopped;
        _claims.IsStopped = true;
        var stopped = _claims.IsStopped;
        _claims.IsStopped = false;

        Assert.That((before, stopped, _claims.IsStopped), Is.EqualTo((false, true, false)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void IsStopped_CanBeSet_BeforeThereIsAFolder(bool value)
    {
        var fresh = new ClaimsDirectory(At("fresh"));

        fresh.IsStopped = value;

        Assert.That(fresh.IsStopped, Is.EqualTo(value));
    }

    // Where a file system has no hard links.
    [Test]
    public void TryCopy_IsExclusiveToo()
    {
        var target = _claims.ClaimFile(3, 1);

        var (first, second) = (ExclusiveFile.TryCopy(_claims.WorkerFile("one"), target), ExclusiveFile.TryCopy(_claims.WorkerFile("two"), target));

        Assert.That((first, second, _claims.ReadOwner(3, 1)!.Worker), Is.EqualTo((true, false, "one")));
    }

    [Test]
    public void TryCreate_Throws_WhenThereIsNoFolder() =>
        Assert.That(() => ExclusiveFile.TryCreate(_claims.WorkerFile("one"), At("none/claim.json")), Throws.InstanceOf<DirectoryNotFoundException>());

    private static WorkerRecord Record(string worker) => new(worker, "machine", 42, 30, WorkerRecord.FirstBeat, "host");
}
