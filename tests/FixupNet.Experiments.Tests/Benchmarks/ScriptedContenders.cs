using FixupNet.Experiments.Benchmarks;

namespace FixupNet.Experiments.Tests.Benchmarks;

/// <summary>Contenders that note their turns and take as long as they are told.</summary>
/// <param name="stepSeconds">Seconds of a step of a contender in a round, from 0.</param>
internal sealed class ScriptedContenders(Func<Contender, int, double> stepSeconds) : IContenderLauncher
{
    /// <summary>Who took a turn, in order.</summary>
    public List<Contender> Turns { get; } = [];

    /// <summary>Contenders that were started and have not ended.</summary>
    public int RunningCount { get; private set; }

    /// <summary>Who cannot run.</summary>
    public Func<Contender, bool> IsMissing { get; init; } = _ => false;

    /// <summary>Who fails at the start.</summary>
    public Func<Contender, bool> IsBroken { get; init; } = _ => false;

    private Func<Contender, int, double> StepSeconds => stepSeconds;

    public string? WhyNot(Contender contender) => IsMissing(contender) ? "not on this machine" : null;

    public IContenderProcess Start(Contender contender)
    {
        if (IsBroken(contender)) throw new IOException("it could not start");
        RunningCount++;
        return new Scripted(this, contender);
    }

    private sealed class Scripted(ScriptedContenders all, Contender contender) : IContenderProcess
    {
        private int _round;

        public ContenderReady Ready => new("1.0");

        public double FirstStepSeconds => 1;

        public ContenderRound Run(double seconds)
        {
            all.Turns.Add(contender);
            var step = all.StepSeconds(contender, _round++);
            return new ContenderRound([step, step, 100 * step], PeakMemoryBytes: 1000 - _round);
        }

        public void Dispose() => all.RunningCount--;
    }
}
