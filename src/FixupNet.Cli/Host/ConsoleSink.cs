using System.Globalization;
using FixupNet.Runs;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;
using Spectre.Console;

namespace FixupNet.Cli.Host;

/// <summary>The one writer of lines on standard error: above a live display while there is one.</summary>
/// <param name="error">Standard error.</param>
internal sealed class ConsoleSink(TextWriter error) : ILogEventSink
{
    private readonly MessageTemplateTextFormatter _format = new("{Timestamp:HH:mm:ss} [{Level:u3}] {Message:lj}", CultureInfo.InvariantCulture);
    private readonly Lock _writing = new();
    private IAnsiConsole? _live;

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        using var line = new StringWriter(CultureInfo.InvariantCulture);
        _format.Format(logEvent, line);
        WriteLine(line.ToString());
    }

    /// <summary>Writes one line, or several: what names and messages hold is shown and never obeyed by a terminal.</summary>
    public void WriteLine(string line) => WriteLine(line, null);

    /// <summary>Writes one line, or several, in a colour where there is a live display; NO_COLOR turns it off.</summary>
    public void WriteLine(string line, Color? color)
    {
        line = PrintableText.Lines(line.ReplaceLineEndings("\n"));
        lock (_writing)
        {
            if (_live is { } console) console.WriteLine(line, color ?? Style.Plain);
            else error.WriteLine(line);
        }
    }

    /// <summary>Hands the console to a live display, or takes it back.</summary>
    /// <param name="live">The console that draws it; null once it has ended.</param>
    public void Share(IAnsiConsole? live)
    {
        lock (_writing) _live = live;
    }
}
