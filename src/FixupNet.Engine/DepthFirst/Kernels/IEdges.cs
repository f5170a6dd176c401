namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Which of a tile's outer columns lie outside the image; known when a kernel is compiled, it costs nothing when it runs.</summary>
internal interface IEdges
{
    static abstract bool Left { get; }

    static abstract bool Right { get; }
}

internal readonly struct Interior : IEdges
{
    public static bool Left => false;

    public static bool Right => false;
}

internal readonly struct LeftEdge : IEdges
{
    public static bool Left => true;

    public static bool Right => false;
}

internal readonly struct RightEdge : IEdges
{
    public static bool Left => false;

    public static bool Right => true;
}

internal readonly struct BothEdges : IEdges
{
    public static bool Left => true;

    public static bool Right => true;
}
