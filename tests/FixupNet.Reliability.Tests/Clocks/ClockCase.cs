using System.Globalization;

namespace FixupNet.Reliability.Tests.Clocks;

/// <summary>A clock that is wrong.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Start">What it shows when the program starts; null for the right time.</param>
/// <param name="Jump">What it shows after it has jumped while the program trains; null for no jump.</param>
/// <param name="Speed">How fast it goes.</param>
/// <param name="Zone">The time zone.</param>
internal sealed record ClockCase(string Name, DateTimeOffset? Start = null, DateTimeOffset? Jump = null, double Speed = 1, string Zone = "UTC")
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>All of them; those that jump come first in each kind.</summary>
    internal static IReadOnlyList<ClockCase> All { get; } =
    [
        new("a day behind", Now.AddDays(-1)),
        new("set back by an hour in the run", Jump: Now.AddHours(-1)),
        new("a day ahead", Now.AddDays(1)),
        new("set forward by an hour in the run", Jump: Now.AddHours(1)),
        new("set back by a day in the run", Jump: Now.AddDays(-1)),
        new("set forward by a day in the run", Jump: Now.AddDays(1)),
        new("at the end of 32-bit seconds", At("2038-01-19T03:14:07Z")),
        new("set beyond 32-bit seconds in the run", At("2038-01-18T00:00:00Z"), At("2038-01-19T03:14:09Z")),
        new("in 1970", At("1970-01-01T00:00:01Z")),
        new("set to 1970 in the run, as by an empty battery", Jump: At("1970-01-01T00:00:01Z")),
        new("set right in the run, from 1970", At("1970-01-01T00:00:01Z"), Now),
        new("an hour lost to summer time in the run", At("2026-03-29T00:59:58Z"), At("2026-03-29T01:00:01Z"), Zone: "Europe/Berlin"),
        new("an hour repeated after summer time in the run", At("2026-10-25T00:59:58Z"), At("2026-10-25T01:00:01Z"), Zone: "Europe/Berlin"),
        new("14 hours east", At("2026-12-31T23:30:00Z"), Zone: "Pacific/Kiritimati"),
        new("half an hour off the hour", At("2026-06-01T00:00:00Z"), Zone: "America/St_Johns"),
        new("at a leap day", At("2028-02-28T23:59:59Z"), At("2028-02-29T00:00:01Z")),
        new("at the end of a century", At("2099-12-31T23:59:59Z")),
        new("at the end of the years", At("9998-12-31T23:59:59Z")),
        new("a thousand times too fast", Now, Speed: 1000),
        new("a hundred times too slow", Now, Speed: 0.01),
        new("standing still", At("2026-06-01T00:00:00Z"), Speed: 0),
    ];

    /// <summary>The clock at the start, as libfaketime wants it.</summary>
    internal string StartText => Speed == 0 ? Frozen(Start!.Value) : Offset(Start ?? Now) + Rate;

    /// <summary>The clock after the jump.</summary>
    internal string JumpText => Offset(Jump!.Value);

    /// <summary>What it shows at the end of the run, give or take an hour.</summary>
    internal DateTimeOffset End => Jump ?? Start ?? Now;

    /// <inheritdoc/>
    public override string ToString() => $"a clock {Name}";

    private string Rate => Speed == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" x{Speed}");

    private static string Offset(DateTimeOffset shown) => string.Create(CultureInfo.InvariantCulture, $"{(shown - Now).TotalSeconds:+0;-0}");

    private static string Frozen(DateTimeOffset shown) => shown.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
