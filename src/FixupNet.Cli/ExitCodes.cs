using FixupNet.Experiments.Configuration.Nodes;

namespace FixupNet.Cli;

/// <summary>How the program ends; part of what scripts rely on. From 64 on, the numbers are those of sysexits.h.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>An error of this program; the stack trace is in the log.</summary>
    public const int Bug = 1;

    /// <summary>The sweep ended, some of its trials failed.</summary>
    public const int TrialsFailed = 3;

    /// <summary>Training diverged, which is recorded as its result.</summary>
    public const int Diverged = 10;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 64;

    /// <summary>Data are corrupt or do not match.</summary>
    public const int BadData = 65;

    /// <summary>An input is missing.</summary>
    public const int NoInput = 66;

    /// <summary>A device or libtorch is not available.</summary>
    public const int Unavailable = 69;

    /// <summary>An output cannot be created.</summary>
    public const int CannotCreate = 73;

    /// <summary>Reading or writing failed, on a full disk for example.</summary>
    public const int InputOutput = 74;

    /// <summary>Ended on request: the same command continues.</summary>
    public const int Interrupted = 75;

    /// <summary>Another process works in the run directory.</summary>
    public const int InUse = 76;

    /// <summary>No permission.</summary>
    public const int NoPermission = 77;

    /// <summary>The configuration is invalid.</summary>
    public const int BadConfiguration = 78;

    /// <summary>What a shell reports of a program that a signal ended is 128 and the signal's number.</summary>
    public const int FirstSignal = 128;

    /// <summary>What problems of a document mean, by the worst of them.</summary>
    public static int Of(IEnumerable<ConfigError> problems) => problems.Select(problem => problem.Kind).DefaultIfEmpty(ProblemKind.Warning).Min() switch
    {
        ProblemKind.Invalid => BadConfiguration,
        ProblemKind.Mismatching => BadData,
        ProblemKind.Missing => NoInput,
        ProblemKind.Unavailable => Unavailable,
        _ => Success,
    };
}
