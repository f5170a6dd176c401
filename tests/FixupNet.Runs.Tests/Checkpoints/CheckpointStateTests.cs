using FixupNet.Runs.Checkpoints;

namespace FixupNet.Runs.Tests.Checkpoints;

internal sealed class CheckpointStateTests
{
    [TestCase(2, 3, 17, true)]
    [TestCase(1, 3, 17, false)]
    [TestCase(2, 4, 17, false)]
    [TestCase(2, 3, 18, false)]
    public void IsSamePoint_LeavesOutTheTimes(int epoch, int batch, long updates, bool expected)
    {
        var position = new TrainingPosition(2, 3, 17, StepSeconds: 1.5, ElapsedSeconds: 2);

        Assert.That(position.IsSamePoint(new TrainingPosition(epoch, batch, updates, StepSeconds: 9, ElapsedSeconds: 10)), Is.EqualTo(expected));
    }
}
