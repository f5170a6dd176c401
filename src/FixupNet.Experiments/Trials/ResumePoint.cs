using FixupNet.Experiments.Configuration;
using FixupNet.Runs;
using FixupNet.Runs.Checkpoints;
using FixupNet.Training.Checkpoints;
using Serilog;

namespace FixupNet.Experiments.Trials;

/// <summary>The checkpoint that a run continues from.</summary>
/// <param name="Checkpoint">The checkpoint, intact.</param>
/// <param name="State">Where training stood.</param>
internal sealed record ResumePoint(Checkpoint Checkpoint, CheckpointState State)
{
    /// <summary>Whether it was saved after the best evaluation so far.</summary>
    internal bool IsBest => State.Position.Batch == 0 && State.Summary.Best?.Step == State.Position.Updates;

    /// <summary>Finds the newest checkpoint that is intact; damaged ones are set aside, and the log says so.</summary>
    /// <param name="document">What is trained.</param>
    /// <param name="directory">The run's directory, owned by the caller.</param>
    /// <param name="mode">What the user wants.</param>
    /// <param name="log">Takes warnings.</param>
    /// <returns>The point; null where the run is to begin.</returns>
    /// <exception cref="InvalidDataException">A checkpoint is of another configuration, or logs lost lines that all checkpoints build upon.</exception>
    /// <exception cref="FileNotFoundException">There must be one, and there is none.</exception>
    internal static ResumePoint? Find(TrainDocument document, TrialDirectory directory, ResumeMode mode, ILogger log)
    {
        var store = new CheckpointStore(directory, document.Config.Checkpoint.Keep);
        store.RemoveUnfinished();
        if (mode == ResumeMode.Never) return null;
        var damaged = new List<DamagedCheckpoint>();
        var found = store.FindNewest(setAside: true, damaged, LongerRun.Hashes(document, directory));
        foreach (var checkpoint in damaged)
            log.Warning("Checkpoint {Folder} is of no use: {Problem}", checkpoint.Folder, checkpoint.Problem);
        if (found is null)
        {
            RequireNothingLost(directory, damaged);
            if (mode == ResumeMode.Must) throw new FileNotFoundException($"{directory.CheckpointsFolder} holds no checkpoint to resume from, which --resume must asks for.");
            return null;
        }
        return new ResumePoint(found, found.ReadState());
    }

    /// <summary>Puts weights, buffers and the optimizer's memory back.</summary>
    /// <param name="trial">The trial, built from the same configuration.</param>
    /// <exception cref="InvalidDataException">The checkpoint is of another network, or was trained on other data.</exception>
    internal void Restore(TrialAssembly trial)
    {
        if (State.DatasetDigest != trial.Task.DataDigest)
            throw new InvalidDataException($"{Checkpoint.Folder} was trained on other data: the dataset's digest was {State.DatasetDigest} and is {trial.Task.DataDigest}.");
        ModelWeights.Load(trial.Network, Checkpoint.PathOf(Checkpoint.ModelFile));
        if (trial.Average is { } average)
            NamedTensors.Load(Checkpoint.PathOf(Checkpoint.AverageFile), average.State.ToDictionary(item => item.Name, item => item.State));
        NamedTensors.Load(Checkpoint.PathOf(Checkpoint.OptimizerFile), trial.Optimizer.State.ToDictionary(item => item.Name, item => item.State));
    }

    // A run begun again would write over logs of which a part was lost in some other way than by a crash.
    private static void RequireNothingLost(TrialDirectory directory, List<DamagedCheckpoint> damaged)
    {
        if (damaged.Find(checkpoint => checkpoint.IsIntact) is not { } intact) return;
        throw new InvalidDataException($"{intact.Problem} Put it back, or begin {directory.Root} again with --resume never.");
    }
}
