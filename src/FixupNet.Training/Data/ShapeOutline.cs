namespace FixupNet.Training.Data;

/// <summary>The ten shapes, each as a signed distance in pixels: below 0 inside, above 0 outside.</summary>
/// <remarks>Additions, multiplications, comparisons and square roots only: IEEE 754 fixes their results on every platform.</remarks>
internal static class ShapeOutline
{
    private const float SquareRootOfHalf = 0.70710678f;
    private const float SquareRootOfThree = 1.7320508f;
    private const float LineHalfWidth = 1.25f; // of rings and outlines, in pixels
    private const float StripeWidth = 2f;      // pixels of a bar, and of the gap after it; a checker field is half wider

    /// <summary>Names of the shapes; the index is the class.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["disc", "ring", "square", "square-outline", "triangle", "plus", "saltire", "horizontal-stripes", "vertical-stripes", "checkerboard"];

    /// <summary>Distance of a point from the edge of a shape.</summary>
    /// <param name="shape">The class, 0 to 9.</param>
    /// <param name="x">Pixels to the right of the centre, in the shape's own axes.</param>
    /// <param name="y">Pixels below the centre, in the shape's own axes.</param>
    /// <param name="radius">Half the extent of the shape, in pixels.</param>
    public static float Distance(int shape, float x, float y, float radius) => shape switch
    {
        0 => Length(x, y) - radius,
        1 => MathF.Abs(Length(x, y) - (radius - LineHalfWidth)) - LineHalfWidth,
        2 => Box(x, y, radius * 0.9f),
        3 => MathF.Abs(Box(x, y, radius * 0.9f - LineHalfWidth)) - LineHalfWidth,
        4 => Triangle(x, y, radius),
        5 => Cross(x, y, radius),
        6 => Cross((x + y) * SquareRootOfHalf, (x - y) * SquareRootOfHalf, radius),
        7 => MathF.Max(Box(x, y, radius * 0.9f), Stripe(y, StripeWidth)),
        8 => MathF.Max(Box(x, y, radius * 0.9f), Stripe(x, StripeWidth)),
        9 => MathF.Max(Box(x, y, radius * 0.9f), Checker(x, y)),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "must be 0 to 9"),
    };

    private static float Length(float x, float y) => MathF.Sqrt(x * x + y * y);

    private static float Box(float x, float y, float half) => MathF.Max(MathF.Abs(x), MathF.Abs(y)) - half;

    // Point up, the centre of its circle a little below the middle so that it fills the same square as the others.
    private static float Triangle(float x, float y, float radius)
    {
        var below = y - 0.75f * radius;
        var slanted = (SquareRootOfThree * MathF.Abs(x) - y) * 0.5f - radius * 0.55f;
        return MathF.Max(below, slanted);
    }

    private static float Cross(float x, float y, float radius)
    {
        var halfWidth = radius * 0.26f;
        var upright = MathF.Max(MathF.Abs(x) - halfWidth, MathF.Abs(y) - radius);
        var level = MathF.Max(MathF.Abs(y) - halfWidth, MathF.Abs(x) - radius);
        return MathF.Min(upright, level);
    }

    // Distance from bars of this width with gaps of the same width; a bar lies on 0.
    private static float Stripe(float position, float width)
    {
        var period = 2f * width;
        var offset = position - period * MathF.Floor(position / period + 0.5f);
        return MathF.Abs(offset) - 0.5f * width;
    }

    // Fields where both coordinates, or neither, are on a bar.
    private static float Checker(float x, float y)
    {
        var (column, row) = (Stripe(x, StripeWidth * 1.5f), Stripe(y, StripeWidth * 1.5f));
        return MathF.Max(MathF.Min(column, row), -MathF.Max(column, row));
    }
}
