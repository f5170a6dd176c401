namespace FixupNet.Diagnostics;

/// <summary>What a norm says beyond its size.</summary>
public enum NormState
{
    /// <summary>Above 0 and finite.</summary>
    Finite,

    /// <summary>Exactly 0, as most gradients of a Fixup network are in its first two steps.</summary>
    Zero,

    /// <summary>Infinite: the values overflowed.</summary>
    Overflow,

    /// <summary>Not a number.</summary>
    NaN,
}

/// <summary>Reads the state off a norm.</summary>
public static class NormStates
{
    /// <summary>The state of one norm.</summary>
    /// <param name="norm">A norm, 0 or more, infinite or NaN.</param>
    public static NormState Of(double norm) => norm switch
    {
        double.NaN => NormState.NaN,
        0.0 => NormState.Zero,
        _ => double.IsFinite(norm) ? NormState.Finite : NormState.Overflow,
    };
}
