using System.Runtime.CompilerServices;
using FixupNet.Engine.Steps;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Products of small matrices: sums[r][k] = Σ_s factors[r][s]·vectors[s][k], all sums of a block of rows in registers.</summary>
/// <remarks>
/// Everything in the engine that multiplies ends here. Sums are named locals, and a factor goes into its multiplication straight from memory, as the multiplier's
/// own operand where the processor has that. Addresses of rows are formed from one pointer for every four rows, so that no pointer is read from the stack inside the loop.
/// </remarks>
internal static unsafe class Products
{
    /// <summary>Channels that activations keep together, and what column counts are multiples of.</summary>
    internal const int Block = 16;

    /// <summary>Columns whose sums are computed together: weights are laid out in panels so wide, each in one piece, the last one half as wide where need be.</summary>
    internal const int Panel = 2 * Block;

    private const int StepsAtOnce = 256;

    /// <summary>How wide the panel is that begins at a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int PanelWidth(int columns, int first) => Math.Min(Panel, columns - first);

    /// <summary>Where operands lie; distances in floats.</summary>
    /// <param name="FactorRow">Between rows of factors.</param>
    /// <param name="FactorStep">Between the steps of a row of factors.</param>
    /// <param name="VectorStep">Between vectors.</param>
    /// <param name="SumRow">Between rows of sums.</param>
    /// <param name="Steps">Products a sum.</param>
    /// <param name="Accumulates">Whether products are added to the sums that are there.</param>
    /// <param name="VectorBlock">Between blocks of 16 columns of a vector.</param>
    /// <param name="SumBlock">Between blocks of 16 columns of a row of sums.</param>
    internal readonly record struct Operands(
        nint FactorRow, nint FactorStep, nint VectorStep, nint SumRow, int Steps, bool Accumulates, nint VectorBlock = Block, nint SumBlock = Block)
    {
        internal nint VectorPlace(int column) => (column / Block * VectorBlock) + (column % Block);

        internal nint SumPlace(int column) => (column / Block * SumBlock) + (column % Block);
    }

    /// <summary>Computes rows × columns sums.</summary>
    /// <param name="of">Where operands lie.</param>
    /// <param name="rows">Rows, any number.</param>
    /// <param name="columns">Columns: 16, or 32.</param>
    /// <param name="factors">The factor of the first row and step.</param>
    /// <param name="vectors">The first vector.</param>
    /// <param name="sums">The first sum.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Compute<TLanes>(in Operands of, int rows, int columns, float* factors, float* vectors, float* sums)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        if (of.Steps <= StepsAtOnce)
        {
            ComputeSome<TLanes>(of, rows, columns, factors, vectors, sums);
            return;
        }
        // So many vectors stay in the first-level cache while all rows meet them.
        for (var done = 0; done < of.Steps; done += StepsAtOnce)
        {
            var some = of with { Steps = Math.Min(StepsAtOnce, of.Steps - done), Accumulates = of.Accumulates || done > 0 };
            ComputeSome<TLanes>(some, rows, columns, factors + (done * of.FactorStep), vectors + (done * of.VectorStep), sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ComputeSome<TLanes>(in Operands of, int rows, int columns, float* factors, float* vectors, float* sums)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var row = 0;
        if (!TLanes.HasManyRegisters)
            for (; row + 4 <= rows; row += 4)
                for (var column = 0; column < columns; column += 2 * TLanes.Count)
                    FourRowsOfTwo<TLanes>(of, factors + (row * of.FactorRow), vectors + of.VectorPlace(column), sums + (row * of.SumRow) + of.SumPlace(column));
        else if (columns == TLanes.Count)
            for (; row + 16 <= rows; row += 16) SixteenRows<TLanes>(of, factors + (row * of.FactorRow), vectors, sums + (row * of.SumRow));
        else
            for (; row + 8 <= rows; row += 8) EightRowsOfTwo<TLanes>(of, factors + (row * of.FactorRow), vectors, sums + (row * of.SumRow));
        for (; row < rows; row++)
            for (var column = 0; column < columns; column += TLanes.Count)
                OneRow<TLanes>(of, factors + (row * of.FactorRow), vectors + of.VectorPlace(column), sums + (row * of.SumRow) + of.SumPlace(column));
    }

    /// <summary>One of the rows that are left where their number is no multiple of a block's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneRow<TLanes>(in Operands of, float* factors, float* vectors, float* sums) where TLanes : unmanaged, ILanes<TLanes>
    {
        var sum = of.Accumulates ? TLanes.Load(sums) : TLanes.Zero;
        for (var left = of.Steps; left > 0; left--)
        {
            TLanes.Accumulate(ref sum, TLanes.Load(vectors), factors);
            vectors += of.VectorStep;
            factors += of.FactorStep;
        }
        TLanes.Store(sums, sum);
    }

    /// <summary>Sixteen rows of one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SixteenRows<TLanes>(in Operands of, float* factors, float* vectors, float* sums) where TLanes : unmanaged, ILanes<TLanes>
    {
        nint row = of.FactorRow, step = of.FactorStep, next = of.VectorStep, sumRow = of.SumRow;
        var a = factors;
        var b = a + (4 * row);
        var c = b + (4 * row);
        var d = c + (4 * row);
        TLanes s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14, s15;
        if (of.Accumulates)
        {
            var from = sums;
            s0 = TLanes.Load(from);
            from += sumRow;
            s1 = TLanes.Load(from);
            from += sumRow;
            s2 = TLanes.Load(from);
            from += sumRow;
            s3 = TLanes.Load(from);
            from += sumRow;
            s4 = TLanes.Load(from);
            from += sumRow;
            s5 = TLanes.Load(from);
            from += sumRow;
            s6 = TLanes.Load(from);
            from += sumRow;
            s7 = TLanes.Load(from);
            from += sumRow;
            s8 = TLanes.Load(from);
            from += sumRow;
            s9 = TLanes.Load(from);
            from += sumRow;
            s10 = TLanes.Load(from);
            from += sumRow;
            s11 = TLanes.Load(from);
            from += sumRow;
            s12 = TLanes.Load(from);
            from += sumRow;
            s13 = TLanes.Load(from);
            from += sumRow;
            s14 = TLanes.Load(from);
            from += sumRow;
            s15 = TLanes.Load(from);
        }
        else
        {
            s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = s8 = s9 = s10 = s11 = s12 = s13 = s14 = s15 = TLanes.Zero;
        }

        for (var left = of.Steps; left > 0; left--)
        {
            var vector = TLanes.Load(vectors);
            TLanes.Accumulate(ref s0, vector, a);
            TLanes.Accumulate(ref s1, vector, a + row);
            TLanes.Accumulate(ref s2, vector, a + (2 * row));
            TLanes.Accumulate(ref s3, vector, a + (3 * row));
            TLanes.Accumulate(ref s4, vector, b);
            TLanes.Accumulate(ref s5, vector, b + row);
            TLanes.Accumulate(ref s6, vector, b + (2 * row));
            TLanes.Accumulate(ref s7, vector, b + (3 * row));
            TLanes.Accumulate(ref s8, vector, c);
            TLanes.Accumulate(ref s9, vector, c + row);
            TLanes.Accumulate(ref s10, vector, c + (2 * row));
            TLanes.Accumulate(ref s11, vector, c + (3 * row));
            TLanes.Accumulate(ref s12, vector, d);
            TLanes.Accumulate(ref s13, vector, d + row);
            TLanes.Accumulate(ref s14, vector, d + (2 * row));
            TLanes.Accumulate(ref s15, vector, d + (3 * row));
            vectors += next;
            a += step;
            b += step;
            c += step;
            d += step;
        }

        TLanes.Store(sums, s0);
        sums += sumRow;
        TLanes.Store(sums, s1);
        sums += sumRow;
        TLanes.Store(sums, s2);
        sums += sumRow;
        TLanes.Store(sums, s3);
        sums += sumRow;
        TLanes.Store(sums, s4);
        sums += sumRow;
        TLanes.Store(sums, s5);
        sums += sumRow;
        TLanes.Store(sums, s6);
        sums += sumRow;
        TLanes.Store(sums, s7);
        sums += sumRow;
        TLanes.Store(sums, s8);
        sums += sumRow;
        TLanes.Store(sums, s9);
        sums += sumRow;
        TLanes.Store(sums, s10);
        sums += sumRow;
        TLanes.Store(sums, s11);
        sums += sumRow;
        TLanes.Store(sums, s12);
        sums += sumRow;
        TLanes.Store(sums, s13);
        sums += sumRow;
        TLanes.Store(sums, s14);
        sums += sumRow;
        TLanes.Store(sums, s15);
    }

    /// <summary>Eight rows of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightRowsOfTwo<TLanes>(in Operands of, float* factors, float* vectors, float* sums) where TLanes : unmanaged, ILanes<TLanes>
    {
        nint row = of.FactorRow, step = of.FactorStep, next = of.VectorStep, sumRow = of.SumRow;
        // The second vector is in the same block of columns or in the next.
        nint toRight = TLanes.Count == Block ? of.VectorBlock : TLanes.Count, sumRight = TLanes.Count == Block ? of.SumBlock : TLanes.Count;
        var a = factors;
        var b = a + (4 * row);
        TLanes s0l, s0r, s1l, s1r, s2l, s2r, s3l, s3r, s4l, s4r, s5l, s5r, s6l, s6r, s7l, s7r;
        if (of.Accumulates)
        {
            var from = sums;
            s0l = TLanes.Load(from);
            s0r = TLanes.Load(from + sumRight);
            from += sumRow;
            s1l = TLanes.Load(from);
            s1r = TLanes.Load(from + sumRight);
            from += sumRow;
            s2l = TLanes.Load(from);
            s2r = TLanes.Load(from + sumRight);
            from += sumRow;
            s3l = TLanes.Load(from);
            s3r = TLanes.Load(from + sumRight);
            from += sumRow;
            s4l = TLanes.Load(from);
            s4r = TLanes.Load(from + sumRight);
            from += sumRow;
            s5l = TLanes.Load(from);
            s5r = TLanes.Load(from + sumRight);
            from += sumRow;
            s6l = TLanes.Load(from);
            s6r = TLanes.Load(from + sumRight);
            from += sumRow;
            s7l = TLanes.Load(from);
            s7r = TLanes.Load(from + sumRight);
        }
        else
        {
            s0l = s0r = s1l = s1r = s2l = s2r = s3l = s3r = s4l = s4r = s5l = s5r = s6l = s6r = s7l = s7r = TLanes.Zero;
        }

        for (var left = of.Steps; left > 0; left--)
        {
            var vectorLeft = TLanes.Load(vectors);
            var vectorRight = TLanes.Load(vectors + toRight);
            TLanes.Accumulate(ref s0l, vectorLeft, a);
            TLanes.Accumulate(ref s0r, vectorRight, a);
            TLanes.Accumulate(ref s1l, vectorLeft, a + row);
            TLanes.Accumulate(ref s1r, vectorRight, a + row);
            TLanes.Accumulate(ref s2l, vectorLeft, a + (2 * row));
            TLanes.Accumulate(ref s2r, vectorRight, a + (2 * row));
            TLanes.Accumulate(ref s3l, vectorLeft, a + (3 * row));
            TLanes.Accumulate(ref s3r, vectorRight, a + (3 * row));
            TLanes.Accumulate(ref s4l, vectorLeft, b);
            TLanes.Accumulate(ref s4r, vectorRight, b);
            TLanes.Accumulate(ref s5l, vectorLeft, b + row);
            TLanes.Accumulate(ref s5r, vectorRight, b + row);
            TLanes.Accumulate(ref s6l, vectorLeft, b + (2 * row));
            TLanes.Accumulate(ref s6r, vectorRight, b + (2 * row));
            TLanes.Accumulate(ref s7l, vectorLeft, b + (3 * row));
            TLanes.Accumulate(ref s7r, vectorRight, b + (3 * row));
            vectors += next;
            a += step;
            b += step;
        }

        TLanes.Store(sums, s0l);
        TLanes.Store(sums + sumRight, s0r);
        sums += sumRow;
        TLanes.Store(sums, s1l);
        TLanes.Store(sums + sumRight, s1r);
        sums += sumRow;
        TLanes.Store(sums, s2l);
        TLanes.Store(sums + sumRight, s2r);
        sums += sumRow;
        TLanes.Store(sums, s3l);
        TLanes.Store(sums + sumRight, s3r);
        sums += sumRow;
        TLanes.Store(sums, s4l);
        TLanes.Store(sums + sumRight, s4r);
        sums += sumRow;
        TLanes.Store(sums, s5l);
        TLanes.Store(sums + sumRight, s5r);
        sums += sumRow;
        TLanes.Store(sums, s6l);
        TLanes.Store(sums + sumRight, s6r);
        sums += sumRow;
        TLanes.Store(sums, s7l);
        TLanes.Store(sums + sumRight, s7r);
    }

    /// <summary>Four rows of two vectors, for sixteen registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourRowsOfTwo<TLanes>(in Operands of, float* factors, float* vectors, float* sums) where TLanes : unmanaged, ILanes<TLanes>
    {
        nint row = of.FactorRow, step = of.FactorStep, next = of.VectorStep, sumRow = of.SumRow;
        // The second vector is in the same block of columns or in the next.
        nint toRight = TLanes.Count == Block ? of.VectorBlock : TLanes.Count, sumRight = TLanes.Count == Block ? of.SumBlock : TLanes.Count;
        var a = factors;
        TLanes s0l, s0r, s1l, s1r, s2l, s2r, s3l, s3r;
        if (of.Accumulates)
        {
            var from = sums;
            s0l = TLanes.Load(from);
            s0r = TLanes.Load(from + sumRight);
            from += sumRow;
            s1l = TLanes.Load(from);
            s1r = TLanes.Load(from + sumRight);
            from += sumRow;
            s2l = TLanes.Load(from);
            s2r = TLanes.Load(from + sumRight);
            from += sumRow;
            s3l = TLanes.Load(from);
            s3r = TLanes.Load(from + sumRight);
        }
        else
        {
            s0l = s0r = s1l = s1r = s2l = s2r = s3l = s3r = TLanes.Zero;
        }

        for (var left = of.Steps; left > 0; left--)
        {
            var vectorLeft = TLanes.Load(vectors);
            var vectorRight = TLanes.Load(vectors + toRight);
            TLanes.Accumulate(ref s0l, vectorLeft, a);
            TLanes.Accumulate(ref s0r, vectorRight, a);
            TLanes.Accumulate(ref s1l, vectorLeft, a + row);
            TLanes.Accumulate(ref s1r, vectorRight, a + row);
            TLanes.Accumulate(ref s2l, vectorLeft, a + (2 * row));
            TLanes.Accumulate(ref s2r, vectorRight, a + (2 * row));
            TLanes.Accumulate(ref s3l, vectorLeft, a + (3 * row));
            TLanes.Accumulate(ref s3r, vectorRight, a + (3 * row));
            vectors += next;
            a += step;
        }

        TLanes.Store(sums, s0l);
        TLanes.Store(sums + sumRight, s0r);
        sums += sumRow;
        TLanes.Store(sums, s1l);
        TLanes.Store(sums + sumRight, s1r);
        sums += sumRow;
        TLanes.Store(sums, s2l);
        TLanes.Store(sums + sumRight, s2r);
        sums += sumRow;
        TLanes.Store(sums, s3l);
        TLanes.Store(sums + sumRight, s3r);
    }
}
