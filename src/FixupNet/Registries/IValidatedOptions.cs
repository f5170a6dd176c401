namespace FixupNet.Registries;

/// <summary>Options whose parameters restrict each other, beyond the range of each one alone.</summary>
public interface IValidatedOptions
{
    /// <summary>Lists what is wrong; empty when all is well.</summary>
    /// <returns>The parameter at fault and what it must be, as in ("Depth", "must be 6n+2 (nearest: 98, 104)").</returns>
    IEnumerable<(string Member, string Message)> Validate();
}
