namespace FixupNet;

/// <summary>The symbols that every vocabulary begins with, in fairseq's order.</summary>
public static class Symbols
{
    /// <summary>Begins a sentence; fairseq reserves it and begins with <see cref="End"/>.</summary>
    public const int Begin = 0;

    /// <summary>Fills the rest of a row of a batch.</summary>
    public const int Pad = 1;

    /// <summary>Ends a sentence, and stands before its first word where it is written.</summary>
    public const int End = 2;

    /// <summary>Whatever the vocabulary lacks.</summary>
    public const int Unknown = 3;

    /// <summary>How many there are.</summary>
    public const int Count = 4;
}
