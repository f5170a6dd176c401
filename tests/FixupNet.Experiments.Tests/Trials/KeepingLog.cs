using Serilog.Core;
using Serilog.Events;

namespace FixupNet.Experiments.Tests.Trials;

/// <summary>Keeps what is logged.</summary>
internal sealed class KeepingLog : ILogEventSink
{
    private readonly List<LogEvent> _events = [];

    public List<string> Warnings => Of(LogEventLevel.Warning);

    public List<string> Informations => Of(LogEventLevel.Information);

    public void Emit(LogEvent logEvent) => _events.Add(logEvent);

    private List<string> Of(LogEventLevel level) => [.. _events.Where(item => item.Level == level).Select(item => item.RenderMessage(null))];
}
