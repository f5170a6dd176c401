using System.Runtime.InteropServices;

namespace FixupNet.Cli.Host;

/// <summary>Turns signals into a request to end cleanly; a second signal ends the program at once.</summary>
/// <remarks>Signals keep their usual effect until a command asks for <see cref="Listen"/>: one that has nothing to finish just ends. A
/// hangup that whoever started the program has it ignore, as nohup does, stays ignored.</remarks>
internal sealed partial class Interruption : IDisposable
{
    // What a shell reports of a program that a signal ended: 128 and the signal's number.
    private const int FirstSignal = 128;
    private const int NumberOfInterrupt = 2;

    // Raw numbers, which .NET takes as they are: SIGUSR1, by which schedulers announce the end of a job, has no name there.
    private static readonly PosixSignal s_user1 = (PosixSignal)(OperatingSystem.IsMacOS() ? 30 : 10);

    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _signalCount;

    /// <summary>Cancelled by the first signal or when the supervisor closes the input.</summary>
    public CancellationToken Token => _source.Token;

    // Without SIGINT, which a supervised process leaves to its supervisor.
    private static PosixSignal[] Requests => OperatingSystem.IsWindows() ? [PosixSignal.SIGTERM, PosixSignal.SIGHUP]
        : IsHangupIgnored() ? [PosixSignal.SIGTERM, s_user1]
        : [PosixSignal.SIGTERM, PosixSignal.SIGHUP, s_user1];

    /// <summary>Begins to take signals.</summary>
    public CancellationToken Listen()
    {
        foreach (var signal in Requests.Append(PosixSignal.SIGINT)) _registrations.Add(PosixSignalRegistration.Create(signal, End));
        return Token;
    }

    /// <summary>Begins to take the wishes of a supervising process, which closes this one's standard input when it is to end.</summary>
    /// <remarks>Ctrl-C is left to the supervisor: a terminal sends it to both, and this process would take two requests for impatience.</remarks>
    public CancellationToken ListenToSupervisor(Stream input)
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true));
        foreach (var signal in Requests) _registrations.Add(PosixSignalRegistration.Create(signal, End));
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
        // A closed input is no signal: whoever ends all processes of a job sends one to the supervisor, which closes it, and one here.
        // Nor is a hangup impatience: of a terminal that is closed, the system and the shell may each send one.
        if (context.Signal != PosixSignal.SIGHUP && Interlocked.Increment(ref _signalCount) > 1) ExitNow();
        context.Cancel = true;
        _source.Cancel();
    }

    // Not Environment.Exit on Unix: that waits for others to finish, which is what the second signal will not have.
    private static void ExitNow()
    {
        if (OperatingSystem.IsWindows()) Environment.Exit(FirstSignal + NumberOfInterrupt);
        else ExitProcess(FirstSignal + NumberOfInterrupt);
    }

    private void CancelAtEnd(Stream input)
    {
        while (input.ReadByte() >= 0)
        {
        }
        _source.Cancel();
    }

    // A handler of .NET's would take the place of the ignoring. The handler comes first in the structure on every Unix.
    private static bool IsHangupIgnored()
    {
        const int hangup = 1;
        const nint ignored = 1;
        Span<nint> before = stackalloc nint[64];
        return GetAction(hangup, 0, before) == 0 && before[0] == ignored;
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int GetAction(int signal, nint newAction, Span<nint> action);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitProcess(int code);
}
