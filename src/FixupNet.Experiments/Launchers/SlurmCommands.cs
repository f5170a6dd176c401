using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FixupNet.Experiments.Launchers;

/// <summary>The commands of a Slurm site.</summary>
/// <param name="submit">Path or name of sbatch.</param>
/// <param name="control">Path or name of scontrol.</param>
public sealed partial class SlurmCommands(string submit = "sbatch", string control = "scontrol")
{
    /// <summary>Asks how many workers an array may have at most.</summary>
    /// <exception cref="NotSupportedException">There is no scontrol, or the site takes no arrays.</exception>
    /// <exception cref="IOException">The site does not answer.</exception>
    public int ReadMaxArraySize()
    {
        var text = Run(control, ["show", "config"], "scontrol show config");
        if (MaxArraySizeLine().Match(text) is not { Success: true } match || !int.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var size))
            throw new IOException("\"scontrol show config\" names no MaxArraySize.");
        return size > 0 ? size : throw new NotSupportedException("This site's MaxArraySize is 0: it takes no job arrays; \"--launcher print\" shows the script to adapt.");
    }

    /// <summary>Submits workers.</summary>
    /// <param name="scriptFile">The batch script.</param>
    /// <param name="array">How many.</param>
    /// <returns>The number of the job.</returns>
    /// <exception cref="NotSupportedException">There is no sbatch.</exception>
    /// <exception cref="IOException">The site refuses, with its words.</exception>
    public long Submit(string scriptFile, SlurmArray array)
    {
        var text = Run(submit, ["--parsable", $"--array={array.Indexes}", scriptFile], "sbatch");
        // Job number, then the name of the cluster where there are several.
        return long.TryParse(text.Trim().Split(';')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var job)
            ? job
            : throw new IOException($"sbatch answered \"{text.Trim()}\", which is no number of a job.");
    }

    private static string Run(string command, IReadOnlyList<string> arguments, string shown)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Start(start);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        if (process.ExitCode == 0) return output.GetAwaiter().GetResult();
        var words = error.GetAwaiter().GetResult().Trim();
        throw new IOException($"{shown} refused with exit code {process.ExitCode}: {(words.Length > 0 ? words : "it did not say why")}");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new NotSupportedException(
                $"Slurm is not available here: cannot start {start.FileName} ({error.Message}). Submit from a machine that has it; \"--launcher print\" shows the script.", error);
        }
    }

    [GeneratedRegex(@"^MaxArraySize\s*=\s*([0-9]+)\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex MaxArraySizeLine();
}
