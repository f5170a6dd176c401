namespace FixupNet.Training.Tests;

public sealed class ProcessMemoryTests
{
    [Test]
    public void PeakBytes_CountsWhatWasTouched_AndNeverFalls()
    {
        const int size = 64 << 20;
        var before = ProcessMemory.PeakBytes;

        var peak = PeakWhileHolding(size);
        GC.Collect();
        var after = ProcessMemory.PeakBytes;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before, Is.InRange(10L << 20, 1L << 40)); // a .NET process with libtorch, in bytes and not in kilobytes
            Assert.That(peak, Is.GreaterThanOrEqualTo(Math.Max(before, size)));
            Assert.That(after, Is.GreaterThanOrEqualTo(peak));
        }
    }

    private static long PeakWhileHolding(int size)
    {
        var memory = new byte[size];
        Array.Fill(memory, (byte)1);
        var peak = ProcessMemory.PeakBytes;
        GC.KeepAlive(memory);
        return peak;
    }
}
