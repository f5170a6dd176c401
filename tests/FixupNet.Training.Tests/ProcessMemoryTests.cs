namespace FixupNet.Training.Tests;

public sealed class ProcessMemoryTests
{
    [Test]
    public void PeakBytes_CountsWhatWasTouched_AndNeverFalls()
    {
        const int size = 64 << 20;
        const long slack = 8 << 20; // Linux counts pages per processor and adds them up now and then
        var before = ProcessMemory.PeakBytes;

        var peak = PeakWhileHolding(size);
        GC.Collect();
        var after = ProcessMemory.PeakBytes;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before, Is.InRange(10L << 20, 1L << 40)); // a .NET process with libtorch, in bytes and not in kilobytes
            Assert.That(peak, Is.GreaterThanOrEqualTo(Math.Max(before, size) - slack));
            Assert.That(after, Is.GreaterThanOrEqualTo(peak - slack));
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
