using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>Feeds inputs to a reader and measures what each costs; every input that is neither read nor refused is kept as a file.</summary>
/// <param name="target">The reader.</param>
internal sealed class FuzzRun(FuzzTarget target)
{
    private static readonly TimeSpan s_hang = TimeSpan.FromMinutes(2);

    // What promise 6 allows beside twice the file.
    private const long AllowedBytes = 64 << 20;

    private const int MostMessage = 30_000;

    // A machine that is busy otherwise must not fail the test.
    private const int AllowedGoals = 20;

    private readonly TimeSpan _goal = TimeSpan.FromMilliseconds(target.GoalMilliseconds);

    private readonly List<string> _failures = [];

    /// <summary>How many inputs were fed.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them were refused.</summary>
    public int RefusedCount { get; private set; }

    /// <summary>The longest that an input took.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>How many inputs took longer than the goal.</summary>
    public int SlowCount { get; private set; }

    /// <summary>The most that reading an input allocated in all, beyond twice its own size; what was held at once is no more.</summary>
    public long MostBytes { get; private set; }

    /// <summary>Feeds one input.</summary>
    public void Feed(byte[] input)
    {
        Count++;
        var (error, elapsed, allocated) = Read(input);
        // Other programs take turns on the processor: what is slow by itself is so every time.
        for (var again = 0; again < 3 && elapsed > _goal; again++) elapsed = TimeSpan.FromTicks(Math.Min(elapsed.Ticks, Read(input).Elapsed.Ticks));
        if (error is not null) Judge(input, error);
        Measure(input, elapsed, allocated - 2L * input.Length);
    }

    private (Exception? Error, TimeSpan Elapsed, long Allocated) Read(byte[] input)
    {
        // A test cannot go on behind a reader that never comes back.
        using var watchdog = new Timer(_ => Environment.FailFast($"{target.Name} hangs: {Save(input)}"), null, s_hang, Timeout.InfiniteTimeSpan);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        Exception? thrown = null;
        try
        {
            target.Read(input);
        }
        catch (Exception error)
        {
            thrown = error;
        }
        return (thrown, watch.Elapsed, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    private void Judge(byte[] input, Exception error)
    {
        if (target.IsRefusal(error)) RefusedCount++;
        else Fail(input, error.ToString());
        if (error.Message.Any(letter => char.IsControl(letter) && letter != '\n')) Fail(input, $"control characters in a message: {error.Message}");
        if (error.Message.Length > MostMessage) Fail(input, $"a message of {error.Message.Length} characters");
    }

    /// <summary>Feeds damaged samples.</summary>
    public void FeedDamaged(int count, int seed)
    {
        var mutator = new ByteMutator(seed, target.Samples, target.Words);
        for (var round = 0; round < count; round++) Feed(mutator.Next());
    }

    /// <summary>Fails the test where an input failed, and where the inputs were not what they are meant to be.</summary>
    public void Check()
    {
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{target.Name}: {Count} inputs, {RefusedCount} refused, slowest {Slowest.TotalMilliseconds:F1} ms, {SlowCount} over {target.GoalMilliseconds} ms, "
            + $"at most {MostBytes / 1048576.0:F1} MB beyond twice the file"));
        Assert.That(_failures, Is.Empty, $"{target.Name}: {_failures.Count} of {Count} inputs; copy the files to Hostile/Corpus/{target.Name}");
    }

    private void Measure(byte[] input, TimeSpan elapsed, long extraBytes)
    {
        if (elapsed > Slowest) Slowest = elapsed;
        if (elapsed > _goal) SlowCount++;
        MostBytes = Math.Max(MostBytes, extraBytes);
        if (elapsed > AllowedGoals * _goal) Fail(input, $"took {elapsed.TotalSeconds:F1} s");
        if (extraBytes > AllowedBytes) Fail(input, $"allocated {extraBytes} bytes more than twice the file's {input.Length}");
    }

    private void Fail(byte[] input, string what)
    {
        var file = Save(input);
        if (_failures.Count < 10) _failures.Add($"{file}: {what}");
    }

    private string Save(byte[] input)
    {
        var folder = Directory.CreateDirectory(Path.Combine(TestContext.CurrentContext.WorkDirectory, "hostile-failures", target.Name));
        var file = Path.Combine(folder.FullName, Convert.ToHexStringLower(SHA256.HashData(input))[..12] + ".bin");
        File.WriteAllBytes(file, input);
        return file;
    }
}
