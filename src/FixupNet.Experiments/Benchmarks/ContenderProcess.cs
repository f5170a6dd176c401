using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FixupNet.Runs.Json;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>A contender in a process of its own: told by a line on its standard input to run a round, it answers by a line of JSON.</summary>
/// <remarks>The process ends when its standard input closes, which happens by itself should this process die.</remarks>
internal sealed class ContenderProcess : IContenderProcess
{
    /// <summary>Begins the line that asks for a round; the seconds follow.</summary>
    internal const string RoundWord = "round ";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly string _name;
    private readonly Task<string> _errors;

    /// <param name="start">Starts the process, its three standard streams redirected.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="clock">Tells the time.</param>
    /// <exception cref="IOException">It ended or said something else than that it is ready.</exception>
    internal ContenderProcess(Func<Process> start, string name, TimeProvider clock)
    {
        _name = name;
        var started = clock.GetTimestamp();
        _process = start();
        _errors = _process.StandardError.ReadToEndAsync();
        try
        {
            Ready = Answer<ContenderReady>();
        }
        catch (IOException)
        {
            Dispose();
            throw;
        }
        FirstStepSeconds = clock.GetElapsedTime(started).TotalSeconds;
    }

    /// <inheritdoc/>
    public ContenderReady Ready { get; }

    /// <inheritdoc/>
    public double FirstStepSeconds { get; }

    /// <inheritdoc/>
    public ContenderRound Run(double seconds)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{RoundWord}{seconds}"));
        var round = Answer<ContenderRound>();
        return round.StepSeconds.Count > 0 ? round : throw new IOException($"{_name} answered a round without a step.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The process has just ended by itself, which is what was wanted.
        }
        // One that is in the middle of a long step does not look at its input.
        if (!_process.WaitForExit(s_patience)) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private T Answer<T>()
    {
        var line = _process.StandardOutput.ReadLine();
        if (line is null)
        {
            _process.WaitForExit();
            throw new IOException($"{_name} ended with exit code {_process.ExitCode}: {_errors.GetAwaiter().GetResult().Trim()}");
        }
        try
        {
            return JsonSerializer.Deserialize<T>(line, RunJson.Compact) ?? throw new IOException($"{_name} said null.");
        }
        catch (JsonException error)
        {
            throw new IOException($"{_name} said \"{line}\" where a {typeof(T).Name} is due: {error.Message}", error);
        }
    }
}
