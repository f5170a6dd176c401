namespace FixupNet.Reporting.Figures;

/// <summary>A tick of an axis.</summary>
/// <param name="Pixel">Where it is.</param>
/// <param name="Label">Its text; empty for a minor tick.</param>
/// <param name="Exponent">A superscript after the text.</param>
internal readonly record struct AxisTick(double Pixel, string Label, string Exponent = "");
