namespace FixupNet.Reporting.Figures;

/// <summary>Gradient norms as colours over steps and layers.</summary>
/// <param name="Name">Name of its file.</param>
/// <param name="Title">The text alternative in a few words.</param>
/// <param name="Description">The text alternative in full.</param>
/// <param name="Steps">First recorded step of each column.</param>
/// <param name="LayerCount">Layers of the network.</param>
/// <param name="LayersPerRow">Layers that share a row.</param>
/// <param name="Codes">A <see cref="NormCode"/> a cell, column by column, the first layer first.</param>
internal sealed record HeatMap(
    string Name, string Title, string Description, IReadOnlyList<long> Steps, int LayerCount, int LayersPerRow, IReadOnlyList<ushort[]> Codes)
    : Figure(Name, Title, Description)
{
    /// <summary>Rows of cells.</summary>
    public int RowCount => (LayerCount + LayersPerRow - 1) / LayersPerRow;

    /// <summary>Least and largest power of ten, or null where no norm is a number above 0.</summary>
    public (double Low, double High)? Range()
    {
        var codes = Codes.SelectMany(column => column).Where(NormCode.IsNumber).ToList();
        return codes.Count == 0 ? null : (NormCode.Exponent(codes.Min()), NormCode.Exponent(codes.Max()));
    }

    /// <inheritdoc/>
    public override string ToSvg() => HeatMapSvg.Draw(this);
}
