using System.Globalization;
using System.Text.RegularExpressions;

namespace FixupNet.Experiments.Launchers;

/// <summary>Time limits as Slurm writes them.</summary>
public static partial class LaunchTime
{
    /// <summary>What is read, for messages.</summary>
    public const string Meaning = "must be minutes such as \"90\", hours such as \"12:00:00\", or days and hours such as \"2-12:00:00\"";

    /// <summary>Reads a time limit.</summary>
    /// <param name="text">Whole minutes, H:MM:SS, or D-HH:MM:SS.</param>
    /// <returns>The time; null where the text is something else.</returns>
    public static TimeSpan? Parse(string text)
    {
        if (Pattern().Match(text) is not { Success: true } match) return null;
        return match.Groups["minutes"].Success
            ? TimeSpan.FromMinutes(Part(match, "minutes"))
            : new TimeSpan(match.Groups["days"].Success ? Part(match, "days") : 0, Part(match, "hours"), Part(match, "minute"), Part(match, "second"));
    }

    /// <summary>Writes a time limit: D-HH:MM:SS.</summary>
    /// <param name="limit">The time, in whole seconds.</param>
    public static string Text(TimeSpan limit) => limit.ToString(@"d\-hh\:mm\:ss", CultureInfo.InvariantCulture);

    private static int Part(Match match, string name) => int.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A((?<minutes>[0-9]{1,7})|((?<days>[0-9]{1,4})-)?(?<hours>[0-9]{1,4}):(?<minute>[0-5][0-9]):(?<second>[0-5][0-9]))\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
