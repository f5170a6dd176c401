using System.Globalization;
using FixupNet.Reliability.Tests.Harness;

namespace FixupNet.Reliability.Tests.Disks;

/// <summary>Promise 3 on a real file system: a training on a disk that is too small ends with 74, and goes on once the disk has grown.</summary>
[Requires(Need.OwnMounts)]
internal sealed class FullDiskTests : ReliabilityTest
{
    private const int PageKilobytes = 4;

    // $0 is the folder of this case, $1 the size in KiB, the rest the command. What is to be looked at is copied out: the mount ends with the shell.
    private const string Script = """
        size=$1; shift
        mkdir "$0/disk"; mount -t tmpfs -o size=${size}k none "$0/disk"
        code=0; "$@" 2> "$0/error" || code=$?
        echo $code > "$0/code"; cp -a "$0/disk" "$0/full"
        mount -o remount,size=64m "$0/disk"
        code=0; "$@" 2> "$0/error-after" || code=$?
        echo $code > "$0/code-after"; cp -a "$0/disk" "$0/grown"
        """;

    [TestCase(2)]
    [TestCase(60, Category = "Slow")]
    public void SmallDisk_CostsNoCheckpoint(int count)
    {
        var trials = new Trials(Folder);
        var needed = KilobytesOf(trials.Undisturbed.Folder);
        // From a disk that holds next to nothing to one that the last file does not fit on.
        var sizes = Enumerable.Range(0, count).Select(i => PageKilobytes * (1 + i * (needed / PageKilobytes - 1) / count)).Distinct().ToList();
        var full = 0;

        Cases.Check(sizes, size =>
        {
            var folder = Directory.CreateDirectory(trials.NewFolder()).FullName;
            var shell = Child.Run([.. Needs.WithOwnMounts, Script, folder, $"{size}", .. trials.Command(Path.Combine(folder, "disk", "run"))]);
            if (shell.ExitCode != 0) return $"the shell ended with {shell.ExitCode}: {shell.Error}";
            if (Read(folder, "code") is 73 or 74) Interlocked.Increment(ref full);
            return ProblemWith(folder, trials);
        });

        Figures.Note(3, $"{sizes.Count} disks from {sizes[0]} to {sizes[^1]} KiB, {full} of them too small, 0 checkpoints lost, 0 mismatches after they had grown");
    }

    private static string? ProblemWith(string folder, Trials trials)
    {
        var (before, after) = (Path.Combine(folder, "full", "run"), Path.Combine(folder, "grown", "run"));
        if (Directory.Exists(before) && CheckpointFiles.ProblemWith(before) is { } problem) return $"on the full disk: {problem}";
        var (code, error) = (Read(folder, "code"), File.ReadAllText(Path.Combine(folder, "error")));
        if (code is not (0 or 73 or 74)) return $"exit code {code}: {error}";
        var messages = error.Split('\n').Where(line => line.StartsWith("fixupnet: ", StringComparison.Ordinal));
        if (code != 0 && !messages.Any(line => line.Contains(folder))) return $"no path in the message: {error}";
        if (error.Contains("   at ")) return $"there is a stack trace: {error}";
        if (Read(folder, "code-after") is not 0 and var again)
            return $"exit code {again} on the grown disk: {File.ReadAllText(Path.Combine(folder, "error-after"))}";
        return trials.ProblemWithEnded(after);
    }

    private static int Read(string folder, string name) => int.Parse(File.ReadAllText(Path.Combine(folder, name)), CultureInfo.InvariantCulture);

    private static int KilobytesOf(string run) => Directory.EnumerateFiles(run, "*", SearchOption.AllDirectories)
        .Sum(file => (int)((new FileInfo(file).Length + 4095) / 4096) * PageKilobytes);
}
