namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Where a tile of a batch lies; tiles follow each other along rows, down the image, image by image.</summary>
internal struct TilePlace
{
    internal nint Image;
    internal int Row, Column;

    internal TilePlace(in TileShape shape, int index)
    {
        var (line, column) = Math.DivRem(index, shape.TileColumns);
        (Image, Row, Column) = (line / shape.TileRows, line % shape.TileRows * 4, column * 4);
    }

    internal void Next(in TileShape shape)
    {
        Column += 4;
        if (Column < shape.Width) return;
        Column = 0;
        Row += 4;
        if (Row < shape.Height) return;
        Row = 0;
        Image++;
    }
}
