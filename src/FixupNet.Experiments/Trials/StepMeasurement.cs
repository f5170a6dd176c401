using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Trials;

/// <summary>What a few training steps and a piece of an evaluation took on this machine.</summary>
/// <param name="Plan">How the steps fitted into memory.</param>
/// <param name="StepSeconds">Median time of a training step, its batch made.</param>
/// <param name="EvaluationSecondsPerImage">Time of an evaluated example.</param>
/// <param name="MeasuredSeconds">Time of all measured steps and evaluations; the rest of the process's life is starting and ending.</param>
/// <param name="StepsPerEpoch">Steps of an epoch of the configuration.</param>
/// <param name="TestCount">Examples of an evaluation.</param>
/// <param name="ClassCount">Numbers that the network gives, of images one a class.</param>
/// <param name="FixedBytes">Resident memory that does not depend on the network: program, libraries, dataset.</param>
/// <param name="PeakBytes">The most resident memory of the process.</param>
/// <param name="Inputs">The shape of one example.</param>
public sealed record StepMeasurement(
    StepPlan Plan, double StepSeconds, double EvaluationSecondsPerImage, double MeasuredSeconds, int StepsPerEpoch, int TestCount, int ClassCount,
    long FixedBytes, long PeakBytes, ImageShape? Inputs = null);
