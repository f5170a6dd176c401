namespace FixupNet.Experiments.Trials;

/// <summary>Where and how a study trains.</summary>
/// <param name="WorkFolder">Keeps what it has trained until it has answered.</param>
/// <param name="Services">Log, clock and progress.</param>
/// <param name="Cancellation">Ends a training after the step at hand, with a checkpoint.</param>
public sealed record StudyWork(string WorkFolder, TrialServices Services, CancellationToken Cancellation);
