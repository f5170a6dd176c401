using System.Runtime.InteropServices;

namespace FixupNet.Cli;

/// <summary>Turns signals into a request to end cleanly; a second signal ends the program at once.</summary>
/// <remarks>Signals keep their usual effect until a command asks for <see cref="Listen"/>: one that has nothing to finish just ends.</remarks>
internal sealed class Interruption : IDisposable
{
    // What a shell reports of a program that Ctrl-C ended.
    private const int EndedByInterrupt = 130;

    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Begins to take signals.</summary>
    public CancellationToken Listen()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            _registrations.Add(PosixSignalRegistration.Create(signal, End));
        return Token;
    }

    /// <summary>Begins to take the wishes of a supervising process, which closes this one's standard input when it is to end.</summary>
    /// <remarks>Ctrl-C is left to the supervisor: a terminal sends it to both, and this process would take two requests for impatience.</remarks>
    public CancellationToken ListenToSupervisor(Stream input)
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true));
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            _registrations.Add(PosixSignalRegistration.Create(signal, End));
        var watch = new Thread(() => CancelAtEnd(input)) { IsBackground = true, Name = "supervisor" };
        watch.Start();
        return Token;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
    }

    private void End(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested) Environment.Exit(EndedByInterrupt);
        context.Cancel = true;
        _source.Cancel();
    }

    private void CancelAtEnd(Stream input)
    {
        while (input.ReadByte() >= 0)
        {
        }
        _source.Cancel();
    }
}
