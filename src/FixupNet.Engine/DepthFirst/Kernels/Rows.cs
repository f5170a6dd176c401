namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>The six rows of values around a tile, each from the column before the tile on.</summary>
internal readonly unsafe struct Rows<TValue> where TValue : unmanaged
{
    /// <summary>Zeros that stand for a row outside the image.</summary>
    internal const int ZeroCount = 6 * Products.Block;

    internal readonly TValue* Row0, Row1, Row2, Row3, Row4, Row5;

    /// <summary>Rows of an image [height][width][16] about a tile that lies inside it; what is outside before and behind it are zeros.</summary>
    internal Rows(TValue* plane, TValue* zeros, int height, int width, int row, int column)
    {
        var pitch = (nint)width * Products.Block;
        var first = plane + ((row - 1) * pitch) + ((column - 1) * Products.Block);
        Row0 = row > 0 ? first : zeros;
        Row1 = first + pitch;
        Row2 = first + (2 * pitch);
        Row3 = first + (3 * pitch);
        Row4 = first + (4 * pitch);
        Row5 = row + 4 < height ? first + (5 * pitch) : zeros;
    }

    /// <summary>Rows that lie at a distance of each other.</summary>
    internal Rows(TValue* first, nint pitch)
    {
        Row0 = first;
        Row1 = first + pitch;
        Row2 = first + (2 * pitch);
        Row3 = first + (3 * pitch);
        Row4 = first + (4 * pitch);
        Row5 = first + (5 * pitch);
    }

    internal TValue* Row(int index) => index switch { 0 => Row0, 1 => Row1, 2 => Row2, 3 => Row3, 4 => Row4, _ => Row5 };
}
