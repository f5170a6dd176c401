using System.Reflection;
using FixupNet.Randomness;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tests.Tasks;

/// <summary>What every task promises.</summary>
public sealed class TaskContractTests
{
    private const int BatchSize = 64;

    private static IEnumerable<string> Names => TaskRegistry.All.Names;

    [TestCaseSource(nameof(Names))]
    public void Record_IsValid(string name) => Assert.That(TaskRegistry.All[name].Record.Problem, Is.Null);

    [TestCaseSource(nameof(Names))]
    public void Data_AreTheSame_WheneverTheyAreRead(string name)
    {
        using var one = Open(name);
        using var other = Open(name);

        Assert.That((one.DataDigest, one.TrainCount, one.TestCount, one.BatchesPerEpoch), Is.EqualTo((other.DataDigest, other.TrainCount, other.TestCount, other.BatchesPerEpoch)));
    }

    // So that a run continues anywhere.
    [TestCaseSource(nameof(Names))]
    public void Training_DependsOnSeedEpochAndIndexOnly(string name)
    {
        using var scope = NewDisposeScope();
        using var fresh = Open(name);
        using var used = Open(name);
        using var otherSeed = Open(name, seed: 2);
        for (var index = 0; index < Math.Min(3, used.BatchesPerEpoch); index++) used.Training(1, index);

        var (batch, again) = (fresh.Training(0, 1), used.Training(0, 1));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Bytes(again.Input), Is.EqualTo(Bytes(batch.Input)));
            Assert.That(again.DropSeed, Is.EqualTo(batch.DropSeed));
            Assert.That(Bytes(fresh.Training(1, 1).Input), Is.Not.EqualTo(Bytes(batch.Input)));
            Assert.That(Bytes(otherSeed.Training(0, 1).Input), Is.Not.EqualTo(Bytes(batch.Input)));
        }
    }

    [TestCaseSource(nameof(Names))]
    public void Training_HasEachExampleOnceAnEpoch(string name)
    {
        using var task = Open(name);
        var seen = new List<long>();
        for (var index = 0; index < task.BatchesPerEpoch; index++)
        {
            using var scope = NewDisposeScope();
            seen.AddRange(task.Training(0, index).Indices!.cpu().data<long>().ToArray());
        }

        Assert.That(seen.Order(), Is.EqualTo(Enumerable.Range(0, task.TrainCount)));
    }

    [TestCaseSource(nameof(Names))]
    public void Slices_AddUpToTheBatch(string name)
    {
        using var scope = NewDisposeScope();
        using var task = Open(name);
        var batch = task.Training(0, 0);

        var (first, rest) = (batch.Slice(0, 3), batch.Slice(3, batch.Count - 3));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((first.Count, first.FirstExample, rest.FirstExample), Is.EqualTo((3, 0, 3)));
            Assert.That(first.Weight + rest.Weight, Is.EqualTo(batch.Weight));
            Assert.That(Bytes(first.Input).Concat(Bytes(rest.Input)), Is.EqualTo(Bytes(batch.Input)));
            Assert.That(Bytes(first.Indices!).Concat(Bytes(rest.Indices!)), Is.EqualTo(Bytes(batch.Indices!)));
        }
    }

    private static byte[] Bytes(Tensor tensor) => tensor.contiguous().bytes.ToArray();

    private static ITask Open(string name, long seed = 1)
    {
        var entry = TaskRegistry.All[name];
        var options = entry.OptionsType.GetConstructors(BindingFlags.Public | BindingFlags.Instance)[0];
        return entry.Open(
            options.Invoke([.. options.GetParameters().Select(parameter => parameter.DefaultValue)]),
            new TaskContext(new SeedPlan(seed), CPU, new BatchOptions(BatchSize, Crop: true, Flip: true, MixupAlpha: 0, ScalarType.Float32), LabelSmoothing: 0, () => Some.Dataset(200, 10)));
    }
}
