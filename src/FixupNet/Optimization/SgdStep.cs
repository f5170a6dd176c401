namespace FixupNet.Optimization;

/// <summary>The numbers of one SGD step of one group.</summary>
/// <param name="LearningRate">η, schedule included.</param>
/// <param name="Momentum">μ.</param>
/// <param name="WeightDecay">λ.</param>
/// <param name="Nesterov">Whether to look ahead.</param>
internal readonly record struct SgdStep(double LearningRate, double Momentum, double WeightDecay, bool Nesterov);
