namespace FixupNet;

/// <summary>A tensor has another shape than its place asks for; the message says which tensor, what was given and what is allowed.</summary>
public sealed class ShapeMismatchException : ArgumentException
{
    /// <summary>Creates the exception for one tensor.</summary>
    /// <param name="what">What the tensor is, such as "images".</param>
    /// <param name="given">Its shape.</param>
    /// <param name="allowed">The shapes allowed, in words such as "[N,3,H,W]".</param>
    public ShapeMismatchException(string what, IEnumerable<long> given, string allowed)
        : base($"{what} has shape [{string.Join(",", given)}]; must be {allowed}.")
    {
    }
}
