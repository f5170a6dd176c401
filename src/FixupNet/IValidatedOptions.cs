namespace FixupNet;

/// <summary>Options with rules that a range on a single member cannot express, such as "depth is 6n+2".</summary>
public interface IValidatedOptions
{
    /// <summary>Lists every rule the options break; none when they are valid. Ranges and types have been checked before.</summary>
    /// <returns>
    /// Pairs of the member's name in code (<c>nameof(Depth)</c>; empty for the options as a whole) and what it must be, without a final
    /// full stop: "must be 6n+2 (nearest: 98, 104)".
    /// </returns>
    IEnumerable<(string Member, string Message)> Validate();
}
