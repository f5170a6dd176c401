using FixupNet.Experiments.Benchmarks;

namespace FixupNet.Cli.Tests;

/// <summary>Contenders whose every step takes the same, without computing.</summary>
internal sealed class FixedContenders : IContenderLauncher
{
    /// <summary>Kinds that this machine is to lack.</summary>
    public IReadOnlyList<ContenderKind> Missing { get; init; } = [];

    public string? WhyNot(Contender contender) => Missing.Contains(contender.Kind) ? "it is not here" : null;

    public IContenderProcess Start(Contender contender) => new FixedContender(contender);

    private sealed class FixedContender(Contender contender) : IContenderProcess
    {
        public ContenderReady Ready => new("1.0", contender.Kind == ContenderKind.Engine ? 0.25 : null, "all of it fits");

        public double FirstStepSeconds => 1.5;

        // Seconds of a step by kind: floor 1, engine 2, eager 3, PyTorch 4 and 5; times the depth, divided by the threads.
        public ContenderRound Run(double seconds)
        {
            var step = ((int)contender.Kind + 1) * contender.Depth / 100.0 / contender.Threads;
            return new ContenderRound([step], 300L << 20, contender.Kind == ContenderKind.Engine ? [step / 50] : null);
        }

        public void Dispose()
        {
        }
    }
}
