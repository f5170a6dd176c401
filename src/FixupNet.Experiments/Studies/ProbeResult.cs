using FixupNet.Residual;
using FixupNet.Training;

namespace FixupNet.Experiments.Studies;

/// <summary>What a probe measured on one batch.</summary>
/// <param name="Layers">Gradient norms, in forward order.</param>
/// <param name="Blocks">Block outputs at initialization, in forward order, the stem first.</param>
/// <param name="UpdateSizes">‖Δf(x)‖/η of the first, second, … update; shorter where a value stopped being finite.</param>
/// <param name="UpdateSizesByRole">‖Δf(x)‖/η of the third update, of the changes of each kind of parameter alone; empty where it did not get so far.</param>
/// <param name="Loss">Loss at initialization.</param>
/// <param name="Failure">The first value that was not finite; null when all were.</param>
public sealed record ProbeResult(
    IReadOnlyList<ProbeLayer> Layers, IReadOnlyList<ProbeBlock> Blocks, IReadOnlyList<double> UpdateSizes,
    IReadOnlyList<ProbeRole> UpdateSizesByRole, double Loss, NonFiniteValue? Failure);

/// <summary>Gradient norms of one layer.</summary>
/// <param name="Name">The layer.</param>
/// <param name="InitialGradientNorm">At initialization; 0 almost everywhere for Fixup.</param>
/// <param name="GradientNorm">After two updates, when no gradient is 0 any more; NaN where it did not get so far.</param>
public sealed record ProbeLayer(string Name, double InitialGradientNorm, double GradientNorm);

/// <summary>The output of one block.</summary>
/// <param name="Name">The block.</param>
/// <param name="Mean">Mean of its elements.</param>
/// <param name="SecondMoment">Mean of their squares.</param>
public sealed record ProbeBlock(string Name, double Mean, double SecondMoment);

/// <summary>What the parameters of one kind do in an update.</summary>
/// <param name="Role">The kind.</param>
/// <param name="UpdateSize">‖Δf(x)‖/η when they alone change.</param>
public sealed record ProbeRole(ParameterRole Role, double UpdateSize);
