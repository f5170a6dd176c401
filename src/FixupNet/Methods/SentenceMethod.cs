using FixupNet.Residual;

namespace FixupNet.Methods;

/// <summary>A method that is defined for Transformers alone.</summary>
public abstract record SentenceMethod : Method
{
    /// <inheritdoc/>
    public override InputKind Inputs => InputKind.Sentences;

    /// <inheritdoc/>
    public override string DefaultInitialization => SentenceInitialization;

    /// <inheritdoc/>
    public override IEnumerable<Step> Stem(BareLayer layer) => throw NotFor(InputKind.Images);

    /// <inheritdoc/>
    public override ResidualBranch Branch(BareBranch bare) => throw NotFor(InputKind.Images);
}
