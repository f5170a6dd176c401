namespace FixupNet.Experiments.Studies;

/// <summary>Variance of numbers in rows and columns, in parts: a two-way layout with one observation a cell, of many numbers at once.</summary>
/// <param name="Rows">Variance of the rows' effect, mean over the numbers; 0 where the estimate is negative.</param>
/// <param name="Columns">Variance of the columns' effect.</param>
/// <param name="Residual">What is left: the effect of both together.</param>
internal sealed record TwoWayVariance(double Rows, double Columns, double Residual)
{
    /// <summary>The sum of the parts.</summary>
    internal double Total => Rows + Columns + Residual;

    /// <summary>Decomposes (σ² of rows = (mean square of rows − mean square of the residual) / columns, and so on).</summary>
    /// <param name="cells">The same numbers in each cell; at least two rows and two columns.</param>
    internal static TwoWayVariance Of(double[,][] cells)
    {
        var (rowCount, columnCount, length) = (cells.GetLength(0), cells.GetLength(1), cells[0, 0].Length);
        var (rows, columns, residual) = (0.0, 0.0, 0.0);
        for (var i = 0; i < length; i++)
        {
            double[] rowMeans = [.. Enumerable.Range(0, rowCount).Select(row => Enumerable.Range(0, columnCount).Average(column => cells[row, column][i]))];
            double[] columnMeans = [.. Enumerable.Range(0, columnCount).Select(column => Enumerable.Range(0, rowCount).Average(row => cells[row, column][i]))];
            var mean = rowMeans.Average();
            rows += columnCount * rowMeans.Sum(value => Square(value - mean)) / (rowCount - 1);
            columns += rowCount * columnMeans.Sum(value => Square(value - mean)) / (columnCount - 1);
            for (var row = 0; row < rowCount; row++)
            for (var column = 0; column < columnCount; column++)
                residual += Square(cells[row, column][i] - rowMeans[row] - columnMeans[column] + mean) / ((rowCount - 1) * (columnCount - 1));
        }
        var (rowSquare, columnSquare, left) = (rows / length, columns / length, residual / length);
        return new(Math.Max(0, (rowSquare - left) / columnCount), Math.Max(0, (columnSquare - left) / rowCount), left);
    }

    /// <summary>Variance over several draws of the same numbers, mean over the numbers.</summary>
    internal static double Mean(IReadOnlyList<double[]> draws) => Enumerable.Range(0, draws[0].Length).Average(i =>
    {
        var mean = draws.Average(draw => draw[i]);
        return draws.Sum(draw => Square(draw[i] - mean)) / (draws.Count - 1);
    });

    private static double Square(double value) => value * value;
}
