namespace FixupNet.Schedules;

/// <summary>Linear growth of the factor at the start of a run.</summary>
/// <param name="epochs">How long it lasts, 0 for none.</param>
/// <param name="startFactor">The factor at epoch 0.</param>
internal sealed class Warmup(double epochs, double startFactor)
{
    /// <summary>From the start factor at epoch 0 to 1 at the end of the warm-up, 1 from then on.</summary>
    internal double FactorAt(double epoch) => epoch >= epochs ? 1.0 : startFactor + (1.0 - startFactor) * (epoch / epochs);
}
