using FixupNet.Training;
using Serilog;

namespace FixupNet.Experiments.Trials;

/// <summary>Where and how a trial runs; what it computes is the configuration's business.</summary>
/// <param name="Device">auto, cpu, cuda or cuda:N; auto takes a GPU where there is one.</param>
/// <param name="Threads">CPU threads of one operation; null for one a physical core.</param>
/// <param name="MaxSteps">Updates after which the trial stops; null for no limit.</param>
/// <param name="Command">The command line, for the record.</param>
public sealed record TrialOptions(string Device = "auto", int? Threads = null, long? MaxSteps = null, string Command = "");

/// <summary>How long a trial will be.</summary>
/// <param name="Epochs">Passes over the training set.</param>
/// <param name="StepsPerEpoch">Updates of a pass.</param>
/// <param name="TotalSteps">Updates in all.</param>
public sealed record TrialShape(int Epochs, int StepsPerEpoch, long TotalSteps);

/// <summary>What a trial takes from its surroundings.</summary>
/// <param name="Log">Where it tells what it does.</param>
/// <param name="Clock">Tells the time.</param>
/// <param name="Progress">Makes an observer that shows progress; null for none.</param>
public sealed record TrialServices(ILogger Log, TimeProvider Clock, Func<TrialShape, TrainingObserver>? Progress = null);
