using FixupNet.Experiments.Launchers;

namespace FixupNet.Experiments.Tests.Launchers;

internal static class Some
{
    /// <summary>Values that would carry an option or a command into a file.</summary>
    public static readonly string[] HostileTexts =
    [
        "", " ", "a b", "a\nb", "a\n", "\n", "a\r", "a\0", "a;reboot", "a`id`", "$(id)", "${HOME}", "a'b", "a\"b", "a\\b", "a|b", "a&b", "a>b", "a<b", "*", "?", "a#b",
        "%A", "!x", "a\n#SBATCH --wrap=id", "--wrap=id", "-x", ": x", "{a: b}", "[a]", "a\u2028b", "a\u202eb", "é\u0301", "../x y", "~", "~root",
    ];

    public static readonly LaunchedSweep Sweep = new("/shared/runs/tiny-1a2b3c", ["/shared/fixupnet-cli"]);

    public static readonly SlurmOptions Slurm = new(new LaunchOptions(8));
}
