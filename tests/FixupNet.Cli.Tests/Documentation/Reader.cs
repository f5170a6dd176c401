using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;

namespace FixupNet.Cli.Tests.Documentation;

/// <summary>Types commands in a folder that looks like a clone of the repository, without a network.</summary>
internal sealed partial class Reader : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fixupnet-reader-");

    public Reader()
    {
        var repository = CommandBlock.Repository!;
        foreach (var file in Directory.GetFiles(Path.Combine(repository, "configs"), "*.json"))
            File.Copy(file, Path.Combine(_folder.CreateSubdirectory("configs").FullName, Path.GetFileName(file)));
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "fixupnet"), Path.Combine(AppContext.BaseDirectory, "fixupnet-cli"));
        WriteCifar10(Path.Combine(_folder.FullName, "data", "cifar-10-batches-bin"));
    }

    /// <summary>Types a block's lines, each of which must end well.</summary>
    public void Type(CommandBlock block)
    {
        foreach (var line in block.Lines.Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            var (exitCode, text) = Run(Placeholder().Replace(line, match => NameOf(match.Groups[1].Value)));
            Assert.That(exitCode, Is.Zero, $"{block}: {line}\n{text}");
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private (int ExitCode, string Text) Run(string line)
    {
        var start = new ProcessStartInfo("bash", ["-c", line]) { WorkingDirectory = _folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["FIXUPNET_DATA"] = Path.Combine(_folder.FullName, "data");
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return (process.ExitCode, output.GetAwaiter().GetResult() + error.GetAwaiter().GetResult());
    }

    // Pages print "1a2b3c" for the digits that a reader sees instead.
    private string NameOf(string sweep) => Path.GetRelativePath(_folder.FullName, Directory.GetDirectories(Path.Combine(_folder.FullName, "runs"), $"{sweep}-*").Single());

    // Images of nothing, packed: right in every way but their content.
    private static void WriteCifar10(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var name in (string[])["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"])
        {
            using var packed = new GZipStream(File.Create(Path.Combine(folder, $"{name}.bin.gz")), CompressionLevel.Fastest);
            packed.Write(new byte[10_000 * 3073]);
        }
    }

    [GeneratedRegex("runs/([a-z0-9.-]+)-1a2b3c")]
    private static partial Regex Placeholder();
}
