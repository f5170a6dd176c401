using System.Net.Http;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Sweeps;
using FixupNet.Experiments.Trials;
using FixupNet.Registries;
using FixupNet.Runs;
using FixupNet.Training.Data;

namespace FixupNet.Cli;

/// <summary>What an exception means to whoever typed the command.</summary>
/// <param name="ExitCode">How the program ends.</param>
/// <param name="Message">What to tell; one line, or one line an error of a configuration.</param>
internal sealed record Failure(int ExitCode, string Message)
{
    /// <summary>Whether only a developer can do something about it.</summary>
    public bool IsBug => ExitCode == ExitCodes.Bug;

    /// <summary>Explains an exception.</summary>
    public static Failure Of(Exception error) => error switch
    {
        // The first use of libtorch happens in a static constructor, which wraps what is thrown.
        TypeInitializationException { InnerException: { } cause } => Of(cause),
        // What several threads met, they mostly met alike.
        AggregateException { InnerExceptions: [var first, ..] } => Of(first),
        ConfigException config => new(ExitCodes.Of(config.Errors), error.Message),
        MeasurementException { ExitCode: > ExitCodes.Bug and < ExitCodes.FirstSignal } measurement => OneLine(measurement.ExitCode, error),
        UsageException or UnknownNameException or TrialChoiceException => OneLine(ExitCodes.Usage, error),
        FileNotFoundException or DirectoryNotFoundException or DatasetMissingException => OneLine(ExitCodes.NoInput, error),
        DatasetCorruptException or InvalidDataException => OneLine(ExitCodes.BadData, error),
        NotSupportedException or DllNotFoundException or DeviceNotAvailableException => OneLine(ExitCodes.Unavailable, error),
        RunDirectoryInUseException or RunTakenOverException => OneLine(ExitCodes.InUse, error),
        CannotCreateException => OneLine(ExitCodes.CannotCreate, error),
        UnauthorizedAccessException => OneLine(ExitCodes.NoPermission, error),
        IOException or HttpRequestException => OneLine(ExitCodes.InputOutput, error),
        OperationCanceledException => new(ExitCodes.Interrupted, "interrupted."),
        _ => OneLine(ExitCodes.Bug, error),
    };

    private static Failure OneLine(int exitCode, Exception error)
    {
        // Of a relative path the system then says only that something was not found.
        var isLost = exitCode is ExitCodes.NoInput or ExitCodes.CannotCreate && CurrentFolder.IsGone;
        var message = error.Message.ReplaceLineEndings(" ").Trim();
        return new(exitCode, isLost ? $"{message} The current folder no longer exists: change to one that does, or use full paths." : message);
    }
}
