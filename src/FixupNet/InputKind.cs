namespace FixupNet;

/// <summary>What a network takes.</summary>
[Flags]
public enum InputKind
{
    /// <summary>Images [N,C,H,W].</summary>
    Images = 1,

    /// <summary>Pairs of sentences [N,2,T].</summary>
    Sentences = 2,
}
