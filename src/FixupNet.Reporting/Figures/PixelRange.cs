namespace FixupNet.Reporting.Figures;

/// <summary>Where an axis lies in a drawing.</summary>
/// <param name="Start">Pixel of its least value; below the other one on an upright axis, as pixels count downward.</param>
/// <param name="End">Pixel of its largest value.</param>
internal readonly record struct PixelRange(double Start, double End);
