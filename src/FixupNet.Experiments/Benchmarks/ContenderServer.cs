using System.Globalization;
using System.Text.Json;
using FixupNet.Runs.Json;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>The contender's side: does the first step, then a round for every line that asks for one, until there are no more lines.</summary>
public static class ContenderServer
{
    /// <summary>Computes for whoever is at the other end of the streams.</summary>
    /// <param name="contender">What to compute.</param>
    /// <param name="input">Where rounds are asked for.</param>
    /// <param name="output">Takes the answers.</param>
    /// <param name="clock">Tells the time.</param>
    /// <exception cref="InvalidDataException">A line asks for something else.</exception>
    public static void Serve(Contender contender, TextReader input, TextWriter output, TimeProvider clock)
    {
        using IContenderWork work = contender.Kind == ContenderKind.Floor ? new FloorWork(contender) : new StepWork(contender, clock);
        Serve(work, input, output, clock);
    }

    internal static void Serve(IContenderWork work, TextReader input, TextWriter output, TimeProvider clock)
    {
        Answer(output, work.Begin());
        while (input.ReadLine() is { } line) Answer(output, Round(work, SecondsOf(line), clock));
    }

    private static double SecondsOf(string line) =>
        line.StartsWith(ContenderProcess.RoundWord, StringComparison.Ordinal)
            && double.TryParse(line.AsSpan(ContenderProcess.RoundWord.Length), CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : throw new InvalidDataException($"\"{line}\" is not \"{ContenderProcess.RoundWord}SECONDS\".");

    private static ContenderRound Round(IContenderWork work, double seconds, TimeProvider clock)
    {
        var (steps, records) = (new List<double>(), new List<double>());
        var started = clock.GetTimestamp();
        do
        {
            var (step, record) = work.Step();
            steps.Add(step);
            if (record is { } time) records.Add(time);
        }
        while (clock.GetElapsedTime(started).TotalSeconds < seconds);
        return new ContenderRound(steps, work.PeakMemoryBytes, records.Count > 0 ? records : null);
    }

    private static void Answer<T>(TextWriter output, T message)
    {
        output.WriteLine(JsonSerializer.Serialize(message, RunJson.Compact));
        output.Flush();
    }
}
