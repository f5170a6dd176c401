using FixupNet.Diagnostics;
using FixupNet.Execution;
using FixupNet.Optimization;
using FixupNet.Training;
using FixupNet.Training.Tasks;

namespace FixupNet.Experiments.Studies;

/// <summary>A network as training begins with it, and what trains it.</summary>
/// <param name="Network">The network, its weights those of the initialization.</param>
/// <param name="Task">What it is to learn.</param>
/// <param name="Step">Updates it.</param>
/// <param name="Optimizer">What the step updates it by.</param>
/// <param name="Norms">The gradient norms that a step tells, by their names.</param>
public sealed record StudyStart(ResidualNetwork Network, ITask Task, ITrainingStep Step, IOptimizer Optimizer, GradientNorms Norms) : IDisposable
{
    /// <summary>Holds all of it.</summary>
    public required IDisposable Owner { private get; init; }

    /// <inheritdoc/>
    public void Dispose() => Owner.Dispose();
}
