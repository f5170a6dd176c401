using FixupNet.Experiments.Configuration;
using FixupNet.Runs;

namespace FixupNet.Experiments.Trials;

/// <summary>A trial at work: what is trained, where it is recorded, and what it goes on from.</summary>
/// <param name="Document">What is trained.</param>
/// <param name="Directory">Where everything is written.</param>
/// <param name="Trial">What the document names, built.</param>
/// <param name="Services">Log, clock and progress.</param>
/// <param name="Resume">The checkpoint to go on from; null at the beginning.</param>
/// <param name="Fence">Tells when another worker has taken the trial over; null where none can.</param>
internal sealed record TrialContext(
    TrainDocument Document, TrialDirectory Directory, TrialAssembly Trial, TrialServices Services, ResumePoint? Resume, FenceObserver? Fence);
