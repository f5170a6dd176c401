using System.Globalization;
using FixupNet.Runs;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Json;

namespace FixupNet.Cli.Host;

/// <summary>Where the program tells what it does: on the console, and in the files of a run once there is one.</summary>
/// <param name="console">Takes what people should see.</param>
internal sealed class RunLog(ConsoleSink console) : IDisposable
{
    private const string FileTemplate = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} [{Level:u3}] {Message:lj}{NewLine}{Exception}";

    private Logger? _files;
    private Logger? _all;

    /// <summary>The console's part.</summary>
    public ConsoleSink Console => console;

    /// <summary>Whether everything is shown.</summary>
    public bool IsVerbose { get; set; }

    /// <summary>Whether a run's log files are open.</summary>
    public bool HasFiles => _files is not null;

    /// <summary>The log of the run that is open; before one is, a log that no file keeps.</summary>
    public ILogger Current => _all ?? new LoggerConfiguration().MinimumLevel.Debug().WriteTo.Sink(console, IsVerbose ? LogEventLevel.Debug : LogEventLevel.Information).CreateLogger();

    /// <summary>Begins to write the log files of a run as well.</summary>
    /// <param name="run">The run.</param>
    public ILogger Open(TrialDirectory run)
    {
        _files = new LoggerConfiguration()
            .MinimumLevel.Debug()
            .WriteTo.File(run.TextLogFile, outputTemplate: FileTemplate, formatProvider: CultureInfo.InvariantCulture)
            .WriteTo.File(new JsonFormatter(renderMessage: true, formatProvider: CultureInfo.InvariantCulture), run.JsonLogFile)
            .CreateLogger();
        _all = new LoggerConfiguration()
            .MinimumLevel.Debug()
            .WriteTo.Logger(_files)
            .WriteTo.Sink(console, IsVerbose ? LogEventLevel.Debug : LogEventLevel.Information)
            .CreateLogger();
        return _all;
    }

    /// <summary>Writes a stack trace where it does not disturb: into the run's log files.</summary>
    public void RecordFailure(Exception error, string message) => _files?.Fatal(error, "{Failure}", message);

    /// <inheritdoc/>
    public void Dispose()
    {
        Close(_all);
        Close(_files);
        (_all, _files) = (null, null);
    }

    // What the log could not write, on a full disk, must not hide how the program ended.
    private static void Close(Logger? log)
    {
        try
        {
            log?.Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }
}
